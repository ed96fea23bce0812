internal import Bytes

extension RequestParser {
    /// `method SP request-target SP HTTP-version` (RFC 9112 section 3).
    mutating func parseRequestLine(_ line: Range<Int>, in bytes: Span<UInt8>) throws(ParseFailure) {
        if line.isEmpty {
            emptyLines += 1
            if emptyLines > limits.maxEmptyLines { throw .tooManyEmptyLines }
            return
        }
        beginHead()

        let methodEnd = bytes.skip(.token, from: line.lowerBound, to: line.upperBound)
        guard methodEnd > line.lowerBound, methodEnd < line.upperBound, bytes[methodEnd] == .space else {
            throw .malformedRequestLine
        }
        head.methodToken = ByteRange(line.lowerBound..<methodEnd)
        head.method = RequestMethod(head.methodToken, in: bytes)

        // The version comes before the target: the preface of HTTP/2 has to give 505 (`PRI * HTTP/2.0`).
        let targetStart = methodEnd + 1
        var targetEnd = targetStart
        while targetEnd < line.upperBound && bytes[targetEnd] != .space { targetEnd += 1 }
        guard targetEnd > targetStart, targetEnd < line.upperBound else { throw .malformedRequestLine }
        head.minorVersion = try Self.minorVersion(targetEnd + 1..<line.upperBound, in: bytes)
        if head.method == .connect { throw .connectUnsupported }
        try parseTarget(targetStart..<targetEnd, in: bytes)
        state = .fields
    }

    /// Forgets the request before. The fields' storage is used again.
    mutating func beginHead() {
        head.fields.removeAll()
        head.query = .none
        head.authority = .none
        seen = SeenFields()
        sectionBytes = 0
    }

    /// The minor version of `HTTP/1.0` or `HTTP/1.1` (RFC 9112 section 2.3; the name is case-sensitive).
    private static func minorVersion(_ range: Range<Int>, in bytes: Span<UInt8>) throws(ParseFailure) -> UInt8 {
        if range.count == 8 {
            let word = bytes.word(at: range.lowerBound)
            // "HTTP/1.1" and "HTTP/1.0", the first byte lowest.
            if word == 0x312e_312f_5054_5448 { return 1 }
            if word == 0x302e_312f_5054_5448 { return 0 }
        }
        for index in range where bytes[index] == .space { throw .malformedRequestLine }
        // `HTTP/2` is malformed too, strictly, but 505 tells the client more.
        guard range.count > 5, ByteRange(range.prefix(5)).equals("HTTP/", in: bytes) else { throw .malformedVersion }
        for index in range.dropFirst(5) where !bytes[index].isDigit && bytes[index] != UInt8(ascii: ".") {
            throw .malformedVersion
        }
        throw .unsupportedVersion
    }
}
