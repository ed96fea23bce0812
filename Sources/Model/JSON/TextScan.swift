// Looks through the bytes of texts, eight at a time where that is enough.
extension UnsafeRawBufferPointer {
    /// Where the next byte stands that a text in JSON escapes (RFC 8259, section 7); nil if there is none.
    func indexToEscape(from start: Int) -> Int? {
        var index = start
        while index + 8 <= count {
            let word = loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if word.hasByte(below: 0x20) || word.hasByte(0x22) || word.hasByte(0x5C) { break }
            index += 8
        }
        while index < count {
            let byte = self[index]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C { return index }
            index += 1
        }
        return nil
    }

    /// Whether they are UTF-8.
    var isUTF8: Bool {
        var index = 0
        while index + 8 <= count, loadUnaligned(fromByteOffset: index, as: UInt64.self) & UInt64.eachByte(0x80) == 0 {
            index += 8
        }
        while index < count, self[index] < 0x80 { index += 1 }
        guard index < count else { return true }
        return (try? UTF8Span(validating: Span(_unsafeElements: bindMemory(to: UInt8.self)))) != nil
    }
}

// "Bit Twiddling Hacks", Sean Eron Anderson: "Determine if a word has a zero byte", "a byte less than n".
extension UInt64 {
    fileprivate static func eachByte(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    fileprivate func hasByte(_ byte: UInt8) -> Bool { (self ^ Self.eachByte(byte)).hasByte(below: 1) }

    /// - Parameter limit: at most 0x80.
    fileprivate func hasByte(below limit: UInt8) -> Bool { (self &- Self.eachByte(limit)) & ~self & Self.eachByte(0x80) != 0 }
}
