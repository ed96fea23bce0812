/// A sum of amounts of money, however many they are: it may be far more than one amount can be. In JSON a decimal string.
public struct MoneySum: Hashable, Sendable, CustomStringConvertible {
    /// In hundredths. No number of rows that a database can hold makes it overflow.
    public var cents: Int128

    public init(cents: Int128 = 0) { self.cents = cents }

    /// Reads `-?digits` with two decimals, as PostgreSQL writes the sum of a column; nil for anything else.
    public init?(_ text: String) {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[1].utf8.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } }),
            let cents = Int128(parts[0] + parts[1])
        else { return nil }
        self.cents = digits.startIndex == text.startIndex ? cents : -cents
    }

    public var description: String {
        let (whole, hundredths) = cents.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(cents < 0 ? "-" : "")\(whole).\(hundredths < 10 ? "0" : "")\(hundredths)"
    }

    /// Adds an amount.
    public static func += (sum: inout MoneySum, amount: Money) { sum.cents += Int128(amount.cents) }
}
