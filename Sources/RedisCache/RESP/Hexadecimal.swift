/// 64 bits as 16 lowercase hexadecimal digits, the form in which tokens stand in Redis.
enum Hexadecimal {
    static let digits = 16

    static func write(_ value: UInt64, to start: UnsafeMutableRawPointer) {
        var rest = value
        for position in stride(from: digits - 1, through: 0, by: -1) {
            let digit = UInt8(truncatingIfNeeded: rest & 0xF)
            start.storeBytes(
                of: digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit, toByteOffset: position,
                as: UInt8.self)
            rest >>= 4
        }
    }

    /// Nil unless `bytes` are exactly 16 lowercase hexadecimal digits.
    @inline(__always)
    static func read(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard bytes.count == digits else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            let decimal = byte &- UInt8(ascii: "0")
            let letter = byte &- UInt8(ascii: "a")
            guard decimal < 10 || letter < 6 else { return nil }
            value = value << 4 | UInt64(decimal < 10 ? decimal : letter + 10)
        }
        return value
    }
}
