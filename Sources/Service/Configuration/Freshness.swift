/// How fresh cached reads have to be: `strict`, or a bound such as `50ms`.
struct Freshness: CustomStringConvertible, Hashable, Sendable {
    /// For how many milliseconds a worker serves an entry again without asking. 0 is strict.
    var milliseconds: Int64

    static let strict = Freshness(milliseconds: 0)
    /// A longer bound would be a TTL.
    static let longest: Int64 = 60_000

    init(milliseconds: Int64) { self.milliseconds = milliseconds }

    init?(_ text: String) {
        if text == "strict" {
            self = .strict
            return
        }
        let unit: Int64 = text.hasSuffix("ms") ? 1 : 1000
        guard text.hasSuffix("s"), let number = Int64(text.dropLast(unit == 1 ? 2 : 1)), !text.hasPrefix("+"),
            1...(Self.longest / unit) ~= number
        else { return nil }
        milliseconds = number * unit
    }

    var description: String { milliseconds == 0 ? "strict" : "\(milliseconds)ms" }
}
