extension RequestParser {
    /// The four forms of a request target (RFC 9112 section 3.2): origin-form, absolute-form, the asterisk, and authority-form,
    /// which is for CONNECT only and so refused here.
    mutating func parseTarget(_ target: Range<Int>, in bytes: Span<UInt8>) throws(ParseFailure) {
        head.target = ByteRange(target)
        if bytes[target.lowerBound] == UInt8(ascii: "/") {
            try parsePath(target, in: bytes)
        } else if head.target.equals("*", in: bytes) {
            guard head.method == .options else { throw .asteriskWithoutOptions }
            head.path = head.target
        } else {
            try parseAbsoluteForm(target, in: bytes)
        }
    }

    /// `http://authority/path?query`. Servers have to accept it and to take the host from it (RFC 9112 section 3.2.2).
    private mutating func parseAbsoluteForm(_ target: Range<Int>, in bytes: Span<UInt8>) throws(ParseFailure) {
        let start: Int
        if ByteRange(target.prefix(7)).equalsIgnoringCase("http://", in: bytes) {
            start = target.lowerBound + 7
        } else if ByteRange(target.prefix(8)).equalsIgnoringCase("https://", in: bytes) {
            start = target.lowerBound + 8
        } else {
            throw .unsupportedTargetForm
        }
        var end = start
        while end < target.upperBound, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") { end += 1 }
        guard Authority.isValid(start..<end, in: bytes) else { throw .malformedAuthority }
        head.authority = ByteRange(start..<end)

        try parsePath(end..<target.upperBound, in: bytes)
        if head.path.isEmpty {
            // An absent path means "/" (RFC 9110 section 4.2.3), and there is one just before the authority.
            head.path = ByteRange(start - 1..<start)
        }
    }

    /// Divides `path?query` and checks every byte of it against RFC 3986: no fragment, space, backslash, control or non-ASCII
    /// byte, and percent signs only before two hexadecimal digits that do not mean NUL.
    private mutating func parsePath(_ range: Range<Int>, in bytes: Span<UInt8>) throws(ParseFailure) {
        let end = range.upperBound
        let pathEnd = try Self.skipEncoded(.path, from: range.lowerBound, to: end, in: bytes)
        head.path = ByteRange(range.lowerBound..<pathEnd)
        if pathEnd == end { return }
        guard bytes[pathEnd] == UInt8(ascii: "?") else { throw .malformedTarget }
        let queryEnd = try Self.skipEncoded(.query, from: pathEnd + 1, to: end, in: bytes)
        guard queryEnd == end else { throw .malformedTarget }
        head.query = ByteRange(pathEnd + 1..<end)
    }

    /// The offset behind the bytes from `start` on that are in `set` or percent-encoded.
    @inline(__always)
    private static func skipEncoded(
        _ set: ByteSet, from start: Int, to end: Int, in bytes: Span<UInt8>
    ) throws(ParseFailure) -> Int {
        var index = bytes.skip(set, from: start, to: end)
        while index < end && bytes[index] == UInt8(ascii: "%") {
            guard let byte = bytes.percentDecoded(at: index, end: end), byte != 0 else { throw .malformedPercentEncoding }
            index = bytes.skip(set, from: index + 3, to: end)
        }
        return index
    }
}
