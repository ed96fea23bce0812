/// The HTTP/1.1 request parser (RFC 9112) as a pure value: bytes in, events out, no I/O.
///
/// The connection owns one buffer and reads the socket into it. After each read it calls `next(in:)` with the buffer until
/// that asks for more bytes. The parser remembers offsets only, so the buffer may move and grow between the calls, but the
/// bytes of the request must stay in it up to the event `end`.
///
/// The events do not depend on how the bytes were cut into reads, except that content comes in as many pieces as it arrives in.
/// That holds because nothing but the first control byte of a line is judged before the whole line is there, and because every
/// limit is a fixed window in which the line has to end.
///
/// The parser is strict: where RFC 9112 leaves a choice between repairing and refusing, it refuses, since a proxy in front may
/// have repaired differently. Nothing is parsed after a failure, except for ``salvage(in:)``.
public struct RequestParser: Sendable {
    /// What `next(in:)` found.
    public enum Event: Equatable, Sendable {
        /// All bytes are parsed as far as they go. Read more, then call again.
        case needMore
        /// `RequestParser.head` is complete.
        case head
        /// The content goes on with these bytes (the chunk framing taken off), at least one.
        case body(Range<Int>)
        /// The request is complete. It took `length` bytes; the next call wants a buffer that begins behind them.
        case end(length: Int)
        /// The request is refused. All further calls say the same.
        case failure(ParseFailure)
    }

    /// What the parser is in the middle of, so that the connection can choose how long to wait.
    public enum Phase: Equatable, Sendable {
        /// Between requests: no byte of the next one was seen, other than of an empty line.
        case idle
        /// In a request line or a header.
        case head
        /// In the content, or behind a head that announces some.
        case body
        /// Refused; never left.
        case failed
    }

    /// The head of the request that is being parsed. Valid from the event `head` until the call after the event `end`.
    public internal(set) var head = RequestHead()

    let limits: Limits
    var state = State.requestLine
    /// The offset of the next byte to parse; at the start of a line while a line is awaited.
    var position = 0
    /// Up to here the awaited line is known to hold no control byte, so that no byte is looked at twice.
    var scanned = 0
    /// The bytes of complete lines in the header or trailer section so far.
    var sectionBytes = 0
    /// What the header lines of this request said so far about its framing.
    var seen = SeenFields()

    /// The empty lines seen before this request.
    var emptyLines = 0
    /// The bytes missing of the content, or of the present chunk.
    var remaining = 0
    /// The content announced by chunk sizes so far, in bytes.
    var chunkedBytes = 0
    /// What was being parsed when it failed.
    var interrupted = State.requestLine
    /// The bytes of chunk extensions so far.
    var extensionBytes = 0

    enum State: Equatable {
        case requestLine, fields, content, chunkSize, chunkData, chunkEnd, trailers, end
        case failed(ParseFailure)
    }

    /// - Parameter limits: bounds on what one request may take. A negative one traps, and so do some that let a head reach 2 GiB.
    public init(limits: Limits = Limits()) {
        precondition(limits.areUsable, "limits are not negative, and a head stays below 2 GiB")
        self.limits = limits
    }

    /// What the parser is in the middle of. To be asked after `next(in:)` returned `needMore` or `failure`.
    public var phase: Phase {
        switch state {
        case .requestLine: scanned == position ? .idle : .head
        case .fields: .head
        case .failed: .failed
        default: .body
        }
    }

    /// Parses on from where the last call stopped.
    ///
    /// - Parameter bytes: the buffer from the first byte of the present request to the last byte that was read. It may grow
    ///   from call to call, and must otherwise be the same; a shorter one traps.
    /// - Returns: the next event. Unless it is `needMore` or `failure`, more may follow from the same bytes.
    public mutating func next(in bytes: Span<UInt8>) -> Event {
        precondition(bytes.count >= position, "the buffer lost bytes of the present request")
        do throws(ParseFailure) {
            return try advance(in: bytes)
        } catch {
            interrupted = state
            state = .failed(error)
            return .failure(error)
        }
    }

    /// Parses on until a head is complete, and with it the request if it has no content: its end follows from no more bytes.
    ///
    /// - Returns: what ``next(in:)`` found, and the length of the request if it is complete.
    mutating func nextHead(in bytes: Span<UInt8>) -> (event: Event, length: Int?) {
        let event = next(in: bytes)
        guard case .head = event, !head.hasContent, case .end(let length) = next(in: bytes) else { return (event, nil) }
        return (event, length)
    }

    /// Says that the connection took `count` bytes of content out of the buffer, which it may do to bound its memory. The bytes
    /// behind them moved down.
    ///
    /// - Parameter count: no more than the bytes between the head and the end of the last event's content; more trap.
    public mutating func removedContent(_ count: Int) {
        precondition(phase == .body && count >= 0 && position - count >= head.length, "only content may be removed")
        position -= count
        scanned -= count
    }

    private mutating func advance(in bytes: Span<UInt8>) throws(ParseFailure) -> Event {
        while true {
            switch state {
            case .requestLine:
                let limit = limits.maxRequestLine
                guard let line = try nextLine(in: bytes, limit, .requestLineTooLong) else { return .needMore }
                try parseRequestLine(line, in: bytes)
            case .fields:
                let limit = limits.maxHeaderBytes - sectionBytes - 2
                guard let line = try nextLine(in: bytes, limit, .fieldSectionTooLarge) else { return .needMore }
                if line.isEmpty {
                    try finishHead()
                    return .head
                }
                try parseField(line, in: bytes)
            case .content, .chunkData:
                return takeContent(in: bytes)
            case .chunkSize:
                let limit = limits.maxChunkExtensions - extensionBytes + Self.maxChunkSizeDigits
                guard let line = try nextLine(in: bytes, limit, .chunkExtensionsTooLong) else { return .needMore }
                try parseChunkSize(line, in: bytes)
            case .chunkEnd:
                guard try skipChunkEnd(in: bytes) else { return .needMore }
            case .trailers:
                let limit = limits.maxTrailerBytes - sectionBytes - 2
                guard let line = try nextLine(in: bytes, limit, .trailerSectionTooLarge) else { return .needMore }
                try parseTrailer(line, in: bytes)
            case .end:
                return finishRequest()
            case .failed(let failure):
                throw failure
            }
        }
    }

    private mutating func finishRequest() -> Event {
        let length = position
        position = 0
        scanned = 0
        emptyLines = 0
        state = .requestLine
        return .end(length: length)
    }
}
