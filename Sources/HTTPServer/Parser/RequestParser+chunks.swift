internal import Bytes

/// The chunked transfer coding (RFC 9112 section 7.1).
extension RequestParser {
    /// Enough for any 64-bit number. More digits are refused even if they are zeros.
    static let maxChunkSizeDigits = 16

    mutating func beginChunks() {
        chunkedBytes = 0
        extensionBytes = 0
        state = .chunkSize
    }

    /// `chunk-size [ chunk-ext ]`. No whitespace is allowed before or behind the size: parsers that differ on it have been used
    /// to smuggle requests.
    mutating func parseChunkSize(_ line: Range<Int>, in bytes: Span<UInt8>) throws(ParseFailure) {
        var size: UInt64 = 0
        var index = line.lowerBound
        while index < line.upperBound, let digit = bytes[index].hexValue {
            guard index - line.lowerBound < Self.maxChunkSizeDigits else { throw .malformedChunkSize }
            size = size << 4 | UInt64(digit)
            index += 1
        }
        guard index > line.lowerBound else { throw .malformedChunkSize }
        if index < line.upperBound {
            guard bytes[index] == UInt8(ascii: ";") else { throw .malformedChunkSize }
            extensionBytes += line.upperBound - index
            guard extensionBytes <= limits.maxChunkExtensions else { throw .chunkExtensionsTooLong }
            guard ChunkExtensions.areValid(index..<line.upperBound, in: bytes) else { throw .malformedChunkExtension }
        }
        // Judged before a byte of the chunk is read.
        guard size <= UInt64(limits.maxBody - chunkedBytes) else { throw .bodyTooLarge }
        chunkedBytes += Int(size)
        remaining = Int(size)
        sectionBytes = 0
        state = size > 0 ? .chunkData : .trailers
    }

    /// Takes the line end behind the data of a chunk off; false when it is not all there yet.
    mutating func skipChunkEnd(in bytes: Span<UInt8>) throws(ParseFailure) -> Bool {
        let available = bytes.count - position
        if available >= 1 && bytes[position] != .carriageReturn { throw .unterminatedChunk }
        guard available >= 2 else { return false }
        guard bytes[position + 1] == .lineFeed else { throw .unterminatedChunk }
        position += 2
        scanned = position
        state = .chunkSize
        return true
    }

    /// Trailer fields (RFC 9112 section 7.1.2) are checked like header fields, and dropped.
    mutating func parseTrailer(_ line: Range<Int>, in bytes: Span<UInt8>) throws(ParseFailure) {
        if line.isEmpty {
            state = .end
            return
        }
        sectionBytes += line.count + 2
        let field = try HeaderField(line: line, in: bytes)
        if ForbiddenTrailers.contain(field.name, in: bytes) { throw .forbiddenTrailer }
    }
}
