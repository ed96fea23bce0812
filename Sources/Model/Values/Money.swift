/// An amount of money, exact to the hundredth. In JSON and text a decimal string: `"34.47"`.
public struct Money: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The amount in hundredths.
    public var cents: Int64

    public init(cents: Int64) { self.cents = cents }

    /// What a column of `numeric(14, 2)` holds.
    public static let limit = Money(cents: 99_999_999_999_999)

    /// Reads `-?digits` with at most two decimals; nil for anything else and for more than ``limit``.
    public init?(_ text: some StringProtocol) {
        var digits = Substring(text).utf8
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        var cents: Int64 = 0
        var integers = 0
        var decimals: Int?
        for byte in digits {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                cents = cents &* 10 &+ Int64(byte &- UInt8(ascii: "0"))
                if decimals == nil { integers += 1 } else { decimals! += 1 }
                guard integers <= 12, decimals ?? 0 <= 2 else { return nil }
            case UInt8(ascii: ".") where decimals == nil && integers > 0:
                decimals = 0
            default:
                return nil
            }
        }
        guard integers > 0, decimals != 0 else { return nil }
        for _ in (decimals ?? 0)..<2 { cents *= 10 }
        self.cents = isNegative ? -cents : cents
    }

    public var description: String {
        let magnitude = cents.magnitude
        let hundredths = magnitude % 100
        return "\(cents < 0 ? "-" : "")\(magnitude / 100).\(hundredths < 10 ? "0" : "")\(hundredths)"
    }

    /// Smaller amounts are less.
    public static func < (a: Money, b: Money) -> Bool { a.cents < b.cents }
    /// The sum of two amounts. It traps beyond the numbers of cents that there are, far beyond ``limit``.
    public static func + (a: Money, b: Money) -> Money { Money(cents: a.cents + b.cents) }

    /// The sum of so many pieces at their prices; nil if it is more than ``limit``.
    public static func total(_ parts: some Sequence<(price: Money, quantity: Int64)>) -> Money? {
        let sum = parts.reduce(Int128(0)) { $0 + Int128($1.price.cents) * Int128($1.quantity) }
        return sum.magnitude <= UInt128(limit.cents) ? Money(cents: Int64(sum)) : nil
    }

    /// The share of `percent`, rounded half away from zero to the hundredth.
    public func share(_ percent: Percent) -> Money {
        let scale = Int128(Percent.scale) * 100
        let product = Int128(cents) * Int128(percent.scaled)
        let rounded = (product.magnitude + UInt128(scale / 2)) / UInt128(scale)
        return Money(cents: product < 0 ? -Int64(rounded) : Int64(rounded))
    }
}

/// A percentage with up to four decimals, as in a tax of `8.25`.
public struct Percent: Hashable, Sendable, CustomStringConvertible {
    static let scale: Int64 = 10_000
    let scaled: Int64

    /// Reads `digits` with at most four decimals, from 0 to 100; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { 48...57 ~= $0 } }),
            let whole = Int64(parts[0]), whole <= 100, parts.count == 1 || parts[1].count <= 4
        else { return nil }
        let decimals = parts.count == 2 ? parts[1] + String(repeating: "0", count: 4 - parts[1].count) : "0"
        scaled = whole * Self.scale + Int64(decimals)!
        guard scaled <= 100 * Self.scale else { return nil }
    }

    public var description: String {
        var decimals = String(scaled % Self.scale + Self.scale).dropFirst()
        while decimals.last == "0" { decimals.removeLast() }
        return "\(scaled / Self.scale)" + (decimals.isEmpty ? "" : "." + decimals)
    }
}
