extension HeaderField {
    /// `field-name ":" OWS field-value OWS` (RFC 9112 section 5).
    ///
    /// The line holds no control byte but HTAB, and all other bytes are allowed in a value (RFC 9110 section 5.5).
    @inline(__always)
    init(line: Range<Int>, in bytes: Span<UInt8>) throws(ParseFailure) {
        let colon = bytes.skip(.token, from: line.lowerBound, to: line.upperBound)
        guard colon > line.lowerBound, colon < line.upperBound, bytes[colon] == UInt8(ascii: ":") else {
            throw Self.failure(line, colon, in: bytes)
        }
        name = ByteRange(line.lowerBound..<colon)
        value = ByteRange(bytes.trimmed(colon + 1..<line.upperBound))
    }

    /// Why there is no field name with a colon behind it. `nameEnd` is where the token at the start of the line ends.
    private static func failure(_ line: Range<Int>, _ nameEnd: Int, in bytes: Span<UInt8>) -> ParseFailure {
        if bytes[line.lowerBound].isBlank { return .foldedField }
        let next = bytes.skipBlanks(from: nameEnd, to: line.upperBound)
        let isBlankBeforeColon = next > nameEnd && next < line.upperBound && bytes[next] == UInt8(ascii: ":")
        return isBlankBeforeColon ? .blankBeforeColon : .malformedFieldName
    }
}

extension RequestParser {
    /// What header lines said about the connection and the framing, until the head is complete.
    struct SeenFields {
        var host = false
        var contentLength: UInt64?
        var chunked = false
        var close = false
        var keepAlive = false
        var expectsContinue = false
        var unknownExpectation = false
    }

    mutating func parseField(_ line: Range<Int>, in bytes: Span<UInt8>) throws(ParseFailure) {
        guard head.fields.count < limits.maxHeaders else { throw .tooManyFields }
        sectionBytes += line.count + 2
        let field = try HeaderField(line: line, in: bytes)
        head.fields.append(field)
        switch field.name.count {
        case 4 where field.name.equalsIgnoringCase("host", in: bytes):
            try noteHost(field.value, in: bytes)
        case 6 where field.name.equalsIgnoringCase("expect", in: bytes):
            noteExpect(field.value, in: bytes)
        case 10 where field.name.equalsIgnoringCase("connection", in: bytes):
            noteConnection(field.value, in: bytes)
        case 14 where field.name.equalsIgnoringCase("content-length", in: bytes):
            try noteContentLength(field.value, in: bytes)
        case 17 where field.name.equalsIgnoringCase("transfer-encoding", in: bytes):
            try noteTransferEncoding(field.value, in: bytes)
        default:
            break
        }
    }

    /// RFC 9112 section 3.2: exactly one, and valid. One that is empty may be sent only for a target without an authority; the
    /// asterisk may be such a target, a path may not, since this server serves http URIs only.
    private mutating func noteHost(_ value: ByteRange, in bytes: Span<UInt8>) throws(ParseFailure) {
        guard !seen.host else { throw .repeatedHost }
        seen.host = true
        let isAbsolute = !head.authority.isEmpty
        if value.isEmpty {
            if !isAbsolute && !head.path.equals("*", in: bytes) { throw .emptyHost }
        } else {
            guard Authority.isValid(value.offsets, in: bytes) else { throw .malformedHost }
            if !isAbsolute { head.authority = value }
        }
    }

    /// RFC 9110 section 10.1.1. Whether it counts is decided when the version and the framing are known.
    private mutating func noteExpect(_ value: ByteRange, in bytes: Span<UInt8>) {
        if value.equalsIgnoringCase("100-continue", in: bytes) {
            seen.expectsContinue = true
        } else {
            seen.unknownExpectation = true
        }
    }

    /// RFC 9110 section 7.6.1: a list of options, of which `close` and `keep-alive` mean something here.
    private mutating func noteConnection(_ value: ByteRange, in bytes: Span<UInt8>) {
        var start = value.offsets.lowerBound
        let end = value.offsets.upperBound
        while start < end {
            var comma = start
            while comma < end && bytes[comma] != UInt8(ascii: ",") { comma += 1 }
            let option = ByteRange(bytes.trimmed(start..<comma))
            if option.equalsIgnoringCase("close", in: bytes) { seen.close = true }
            if option.equalsIgnoringCase("keep-alive", in: bytes) { seen.keepAlive = true }
            start = comma + 1
        }
    }
}
