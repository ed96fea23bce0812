internal import Bytes

/// A universally unique identifier (RFC 9562), in text as 32 lowercase hexadecimal digits with hyphens.
public struct UUID: Hashable, Comparable, Sendable, CustomStringConvertible {
    let high: UInt64
    let low: UInt64

    /// All bits zero, which is nobody's.
    public static let zero = UUID(high: 0, low: 0)

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new one of version 7: it starts with the time, so that rows inserted together lie together in an index.
    public static func v7() -> UUID {
        let milliseconds = UInt64(Timestamp.now.microseconds / 1000)
        return UUID(
            high: milliseconds << 16 | 0x7000 | .random(in: 0...0xFFF),
            low: 0x8000_0000_0000_0000 | .random(in: 0...0x3FFF_FFFF_FFFF_FFFF))
    }

    /// Reads the 8-4-4-4-12 form in either case; nil for anything else.
    public init?(_ text: some StringProtocol) {
        var halves: (UInt64, UInt64) = (0, 0)
        var digits = 0
        var index = 0
        for byte in text.utf8 {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard let digit = byte.hexValue else { return nil }
                if digits < 16 { halves.0 = halves.0 << 4 | UInt64(digit) } else { halves.1 = halves.1 << 4 | UInt64(digit) }
                digits += 1
            }
            index += 1
        }
        guard index == 36 else { return nil }
        (high, low) = halves
    }

    public var description: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var index = 0
            for digit in 0..<32 {
                if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
                    buffer[index] = UInt8(ascii: "-")
                    index += 1
                }
                let half = digit < 16 ? high : low
                buffer[index] = Hexadecimal.digit(UInt8(truncatingIfNeeded: half >> UInt64(60 - digit % 16 * 4)) & 0xF)
                index += 1
            }
            return 36
        }
    }

    /// In the order of their bytes, as PostgreSQL has it.
    public static func < (a: UUID, b: UUID) -> Bool { (a.high, a.low) < (b.high, b.low) }
}
