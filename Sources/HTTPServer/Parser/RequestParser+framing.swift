internal import Bytes

extension RequestParser {
    /// `Content-Length` (RFC 9110 section 8.6, RFC 9112 section 6.3): one line with one decimal number of up to 19 digits.
    ///
    /// Equal values in a list or in several lines could be collapsed into one. They are refused: an honest client sends one.
    mutating func noteContentLength(_ value: ByteRange, in bytes: Span<UInt8>) throws(ParseFailure) {
        guard seen.contentLength == nil else { throw .repeatedContentLength }
        guard !seen.chunked else { throw .contentLengthWithTransferEncoding }
        // 19 digits always fit 64 bits.
        guard 1...19 ~= value.count else { throw .malformedContentLength }
        var length: UInt64 = 0
        for index in value.offsets {
            guard bytes[index].isDigit else { throw .malformedContentLength }
            length = length * 10 + UInt64(bytes[index] & 0x0f)
        }
        seen.contentLength = length
    }

    /// `Transfer-Encoding` (RFC 9112 section 6.1): `chunked`, once. A coding that is not implemented gives 501 wherever it stands
    /// in the list, other lists and parameters 400.
    mutating func noteTransferEncoding(_ value: ByteRange, in bytes: Span<UInt8>) throws(ParseFailure) {
        guard head.minorVersion >= 1 else { throw .transferEncodingInOldVersion }
        guard seen.contentLength == nil else { throw .contentLengthWithTransferEncoding }
        if value.equalsIgnoringCase("chunked", in: bytes) && !seen.chunked {
            seen.chunked = true
            return
        }
        var failure = ParseFailure.malformedTransferEncoding
        var start = value.offsets.lowerBound
        let end = value.offsets.upperBound
        while start < end {
            let nameEnd = bytes.skip(.token, from: start, to: end)
            let name = ByteRange(start..<nameEnd)
            if !name.isEmpty && !name.equalsIgnoringCase("chunked", in: bytes) { failure = .unknownTransferCoding }
            start = nameEnd
            while start < end && bytes[start] != UInt8(ascii: ",") { start += 1 }
            start = bytes.skipBlanks(from: start + 1, to: end)
        }
        throw failure
    }

    /// Decides what the head as a whole means, once its last line is read: RFC 9112 sections 3.2, 6 and 9.3.
    mutating func finishHead() throws(ParseFailure) {
        let isCurrent = head.minorVersion >= 1
        guard seen.host || !isCurrent else { throw .missingHost }
        // HTTP/1.0 has no Expect, and a server ignores it there (RFC 9110 section 10.1.1).
        guard !(seen.unknownExpectation && isCurrent) else { throw .unknownExpectation }

        head.length = position
        head.keepsAlive = !seen.close && (isCurrent || seen.keepAlive)
        head.framing = .none
        state = .end
        if seen.chunked {
            head.framing = .chunked
            beginChunks()
        } else if let length = seen.contentLength {
            guard length <= UInt64(limits.maxBody) else { throw .bodyTooLarge }
            head.framing = .length(Int(length))
            remaining = Int(length)
            state = length > 0 ? .content : .end
        }
        head.expectsContinue = seen.expectsContinue && isCurrent && state != .end
    }

    /// Takes as much of the content, or of the present chunk, as is there.
    mutating func takeContent(in bytes: Span<UInt8>) -> Event {
        let start = position
        let count = min(remaining, bytes.count - start)
        if count == 0 { return .needMore }
        position += count
        scanned = position
        remaining -= count
        if remaining == 0 { state = state == .chunkData ? .chunkEnd : .end }
        return .body(start..<position)
    }
}
