internal import Bytes

extension Span<UInt8> {
    /// The offset of the first control byte (0x00 to 0x1F without HTAB, and 0x7F) from `start` on, or `end` when there is none
    /// before it.
    ///
    /// In a well-formed line that is the CR of its end. So one pass finds where the line ends and shows that it holds no NUL,
    /// no bare CR and no bare LF. Eight bytes are looked at together; heads are mostly read by this loop.
    ///
    /// - Parameter end: at most `count`.
    func firstControl(from start: Int, to end: Int) -> Int {
        var index = start
        while index + 8 <= end {
            let found = Self.controls(in: word(at: index))
            if found == 0 {
                index += 8
                continue
            }
            index += found.trailingZeroBitCount / 8
            if self[index] != .tab { return index }
            index += 1
        }
        while index < end {
            let byte = self[index]
            if (byte < .space && byte != .tab) || byte == 0x7f { return index }
            index += 1
        }
        return end
    }

    /// The eight bytes from `index` on, the first of them lowest. Traps when they are not all inside the span.
    @inline(__always)
    func word(at index: Int) -> UInt64 {
        UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    /// Marks the bytes of `word` that are below 0x20 or equal to 0x7F with their highest bit. Only the lowest mark is reliable,
    /// since a subtraction borrows from the bytes above.
    @inline(__always)
    private static func controls(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let belowSpace = (word &- ones &* 0x20) & ~word
        let delete = word ^ (ones &* 0x7f)
        return (belowSpace | ((delete &- ones) & ~delete)) & (ones &* 0x80)
    }

    /// The offset behind the bytes from `start` on that are in `set`, at most `end`.
    @inline(__always)
    func skip(_ set: ByteSet, from start: Int, to end: Int) -> Int {
        var index = start
        while index < end && set.contains(self[index]) { index += 1 }
        return index
    }

    /// The offset behind the SP and HTAB from `start` on, at most `end`.
    @inline(__always)
    func skipBlanks(from start: Int, to end: Int) -> Int {
        var index = start
        while index < end && self[index].isBlank { index += 1 }
        return index
    }

    /// `range` without the SP and HTAB at both its ends.
    @inline(__always)
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        let start = skipBlanks(from: range.lowerBound, to: range.upperBound)
        var end = range.upperBound
        while end > start && self[end - 1].isBlank { end -= 1 }
        return start..<end
    }

    /// The byte that a percent sign at `index` and the two hexadecimal digits after it stand for, or nil when they are not there.
    func percentDecoded(at index: Int, end: Int) -> UInt8? {
        guard index + 2 < end, let high = self[index + 1].hexValue, let low = self[index + 2].hexValue else { return nil }
        return high << 4 | low
    }
}
