extension RequestParser {
    /// Bounds on what one request may take. All count bytes unless they say otherwise, all are inclusive, and none may be
    /// negative.
    public struct Limits: Equatable, Sendable {
        /// The request line without its line end. Beyond: 414. RFC 9112 section 3 recommends at least 8,000.
        public var maxRequestLine: Int
        /// All field lines of the header with their line ends, without the empty line behind them. Beyond: 431 (RFC 6585
        /// section 5).
        public var maxHeaderBytes: Int
        /// The number of field lines of the header. Beyond: 431.
        public var maxHeaders: Int
        /// The content without chunk framing. Beyond: 413, before the excess is read.
        public var maxBody: Int
        /// All chunk extensions of a request, each from its semicolon to its line end. Beyond: 400 (RFC 9112 section 7.1.1 asks
        /// for a limit).
        public var maxChunkExtensions: Int
        /// All field lines of the trailer with their line ends, without the empty line behind them. Beyond: 431.
        public var maxTrailerBytes: Int
        /// The number of empty lines before a request line. Beyond: 400. RFC 9112 section 2.2 wants one to be ignored.
        public var maxEmptyLines: Int

        /// The defaults, but for what is given.
        public init(
            maxRequestLine: Int = 8_192,
            maxHeaderBytes: Int = 65_536,
            maxHeaders: Int = 100,
            maxBody: Int = 1_048_576,
            maxChunkExtensions: Int = 4_096,
            maxTrailerBytes: Int = 8_192,
            maxEmptyLines: Int = 2
        ) {
            self.maxRequestLine = maxRequestLine
            self.maxHeaderBytes = maxHeaderBytes
            self.maxHeaders = maxHeaders
            self.maxBody = maxBody
            self.maxChunkExtensions = maxChunkExtensions
            self.maxTrailerBytes = maxTrailerBytes
            self.maxEmptyLines = maxEmptyLines
        }

        /// Offsets into a head have 32 bits.
        var areUsable: Bool {
            let all = [
                maxRequestLine, maxHeaderBytes, maxHeaders, maxBody, maxChunkExtensions, maxTrailerBytes, maxEmptyLines,
            ]
            return all.allSatisfy { $0 >= 0 } && [maxRequestLine, maxHeaderBytes, maxEmptyLines].allSatisfy { $0 < 1 << 29 }
        }
    }
}
