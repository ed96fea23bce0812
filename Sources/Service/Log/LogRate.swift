/// How many lines of one kind are written: the first ones of each interval. The others are counted.
struct LogRate: Sendable {
    /// In milliseconds.
    static let interval: UInt64 = 10_000
    /// The most lines of a kind in an interval.
    static let most = 5

    private var end: UInt64 = 0
    private var written = 0
    private var omitted = 0

    /// Whether one more line is written.
    ///
    /// - Parameter now: of a clock in milliseconds.
    mutating func admit(_ now: UInt64) -> Bool {
        if now >= end, omitted == 0 {
            end = now + Self.interval
            written = 0
        }
        guard written < Self.most else {
            omitted += 1
            return false
        }
        written += 1
        return true
    }

    /// How many lines were not written since it was asked last, and forgets them.
    mutating func takeOmitted() -> Int {
        defer { omitted = 0 }
        return omitted
    }
}
