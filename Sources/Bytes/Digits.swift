// Digits in ASCII.
extension UInt8 {
    /// Whether it is one of `0` to `9`.
    @inlinable @inline(__always)
    public var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }

    /// The value of a hexadecimal digit in either case; nil for another byte.
    @inlinable @inline(__always)
    public var hexValue: UInt8? {
        if isDigit { return self &- UInt8(ascii: "0") }
        let letter = (self | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? letter + 10 : nil
    }

    /// The byte with A to Z made a to z, others as they are.
    @inlinable @inline(__always)
    public var asciiLowercase: UInt8 { self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self }
}

/// Numbers in hexadecimal digits, in lower case.
public enum Hexadecimal {
    /// How many digits 64 bits have.
    public static let digits = 16

    /// The digit of a number from 0 to 15.
    @inlinable @inline(__always)
    public static func digit(_ number: UInt8) -> UInt8 {
        number < 10 ? UInt8(ascii: "0") + number : UInt8(ascii: "a") - 10 + number
    }

    /// Writes all ``digits`` of a number.
    @inlinable
    public static func write(_ number: UInt64, to start: UnsafeMutableRawPointer) {
        var rest = number
        for position in stride(from: digits - 1, through: 0, by: -1) {
            start.storeBytes(of: digit(UInt8(truncatingIfNeeded: rest & 0xF)), toByteOffset: position, as: UInt8.self)
            rest >>= 4
        }
    }

    /// Nil unless `bytes` are exactly ``digits`` of them, in lower case.
    @inlinable @inline(__always)
    public static func read(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard bytes.count == digits else { return nil }
        var number: UInt64 = 0
        for byte in bytes {
            let decimal = byte &- UInt8(ascii: "0")
            let letter = byte &- UInt8(ascii: "a")
            guard decimal < 10 || letter < 6 else { return nil }
            number = number << 4 | UInt64(decimal < 10 ? decimal : letter + 10)
        }
        return number
    }
}

/// Numbers in decimal digits, without a `String`.
public enum Decimal {
    /// Of 64 bits, with a sign.
    public static let maxDigits = 20

    /// Nil unless `bytes` are decimal digits alone, of a number that fits.
    @inlinable
    public static func read(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard !bytes.isEmpty else { return nil }
        var number: UInt64 = 0
        for byte in bytes {
            guard byte.isDigit else { return nil }
            let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = tens.addingReportingOverflow(UInt64(byte &- UInt8(ascii: "0")))
            guard !isTooLarge, !overflows else { return nil }
            number = sum
        }
        return number
    }

    /// Writes the digits of a number to the end of `room`, which has at least ``maxDigits``.
    ///
    /// - Returns: where they are.
    @inlinable
    public static func write(_ number: Int64, into room: UnsafeMutableBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var rest = number.magnitude
        var start = room.count
        repeat {
            start -= 1
            room[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        if number < 0 {
            start -= 1
            room[start] = UInt8(ascii: "-")
        }
        return UnsafeBufferPointer(rebasing: room[start...])
    }
}
