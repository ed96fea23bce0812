/// What may follow the size of a chunk. Nobody uses it; it is checked because lenient parsers of it disagree.
enum ChunkExtensions {
    /// Whether `range`, which begins with a semicolon, is `*( BWS ";" BWS name [ BWS "=" BWS value ] )` (RFC 9112 section 7.1.1).
    /// They are otherwise ignored, as that section wants.
    static func areValid(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        let end = range.upperBound
        var index = range.lowerBound
        while index < end {
            guard bytes[index] == UInt8(ascii: ";") else { return false }
            let name = bytes.skipBlanks(from: index + 1, to: end)
            index = bytes.skip(.token, from: name, to: end)
            guard index > name else { return false }
            if index == end { return true }
            index = bytes.skipBlanks(from: index, to: end)
            if index < end && bytes[index] == UInt8(ascii: "=") {
                let value = bytes.skipBlanks(from: index + 1, to: end)
                guard let valueEnd = valueEnd(from: value, to: end, in: bytes) else { return false }
                if valueEnd == end { return true }
                index = bytes.skipBlanks(from: valueEnd, to: end)
            }
        }
        // Whitespace at the end belongs to nothing.
        return !bytes[end - 1].isBlank
    }

    /// The offset behind the token or quoted string (RFC 9110 section 5.6.4) at `start`, or nil.
    private static func valueEnd(from start: Int, to end: Int, in bytes: Span<UInt8>) -> Int? {
        guard start < end, bytes[start] == UInt8(ascii: "\"") else {
            let index = bytes.skip(.token, from: start, to: end)
            return index > start ? index : nil
        }
        var index = start + 1
        while index < end {
            switch bytes[index] {
            case UInt8(ascii: "\""): return index + 1
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        return nil
    }
}
