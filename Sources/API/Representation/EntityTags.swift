internal import Bytes
internal import Model

/// Entity tags in header fields (RFC 9110, section 8.8.3): 32 hexadecimal digits between quotes, and `-gzip` behind the digits
/// for that coding. A condition holds for a value, whichever form of it the client has.
enum EntityTags {
    private static let digits = 32
    private static let suffix: StaticString = "-gzip"
    static let longest = digits + 2 + suffix.utf8CodeUnitCount

    /// - Returns: how many bytes it has.
    static func write(_ tag: EntityTag, _ coding: Coding = .identity, to buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        buffer[0] = UInt8(ascii: "\"")
        let start = UnsafeMutableRawPointer(buffer.baseAddress!) + 1  // the buffer is long enough
        Hexadecimal.write(tag.high, to: start)
        Hexadecimal.write(tag.low, to: start + Hexadecimal.digits)
        var length = digits + 1
        if coding == .gzip {
            suffix.withUTF8Buffer { suffix in
                for byte in suffix {
                    buffer[length] = byte
                    length += 1
                }
            }
        }
        buffer[length] = UInt8(ascii: "\"")
        return length + 1
    }

    static func text(of tag: EntityTag) -> String {
        String(unsafeUninitializedCapacity: longest) { write(tag, to: $0) }
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
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: longest) { wanted in
            // The longer form without its quote at the end has the shorter one in it.
            _ = write(tag, .gzip, to: wanted)
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
                    let length = index - 1 - start  // without the quote at the end
                    if length == digits + 1 || length == longest - 1, !(strongly && isWeak) {
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
