internal import Domain

/// Entity tags in header fields (RFC 9110, section 8.8.3): 32 hexadecimal digits between quotes.
enum EntityTags {
    static let length = 34

    static func write(_ tag: EntityTag, to buffer: UnsafeMutableBufferPointer<UInt8>) {
        buffer[0] = UInt8(ascii: "\"")
        for index in 0..<32 {
            let half = index < 16 ? tag.high : tag.low
            let nibble = UInt8(truncatingIfNeeded: half >> UInt64(60 - index % 16 * 4)) & 0xF
            buffer[index + 1] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
        }
        buffer[33] = UInt8(ascii: "\"")
    }

    /// `If-None-Match`: whether the list names the tag, weak or strong, or is `*`.
    static func weaklyMatch(_ tag: EntityTag, _ list: Span<UInt8>) -> Bool {
        match(tag, list, strongly: false)
    }

    /// `If-Match`: whether the list names the tag as a strong one, or is `*`.
    static func stronglyMatch(_ tag: EntityTag, _ list: Span<UInt8>) -> Bool {
        match(tag, list, strongly: true)
    }

    private static func match(_ tag: EntityTag, _ list: Span<UInt8>, strongly: Bool) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: length) { wanted in
            write(tag, to: wanted)
            var index = 0
            while index < list.count {
                switch list[index] {
                case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","):
                    index += 1
                case UInt8(ascii: "*"):
                    return list.count == 1
                default:
                    let isWeak = list[index] == UInt8(ascii: "W")
                    if isWeak {
                        guard index + 1 < list.count, list[index + 1] == UInt8(ascii: "/") else { return false }
                        index += 2
                    }
                    guard index < list.count, list[index] == UInt8(ascii: "\"") else { return false }
                    let start = index
                    index += 1
                    while index < list.count, list[index] != UInt8(ascii: "\"") { index += 1 }
                    guard index < list.count else { return false }
                    index += 1
                    if index - start == length, !(strongly && isWeak) {
                        var isEqual = true
                        for offset in 0..<length where list[start + offset] != wanted[offset] { isEqual = false }
                        if isEqual { return true }
                    }
                }
            }
            return false
        }
    }
}
