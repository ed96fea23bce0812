/// How long requests took, counted in fixed buckets.
public struct LatencyHistogram: Sendable, Equatable {
    /// The upper bounds of the buckets in nanoseconds, inclusive: 50 µs to 10 s. What took longer is in the last bucket, without
    /// a bound.
    public static let bounds: [UInt64] = [
        50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000,
        100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000,
    ]

    private var buckets = InlineArray<18, UInt64>(repeating: 0)
    /// The sum of all latencies in nanoseconds.
    public private(set) var sum: UInt64 = 0

    /// The number of requests.
    public var count: UInt64 {
        var total: UInt64 = 0
        for index in buckets.indices { total += buckets[index] }
        return total
    }

    /// For each of ``bounds``, and then without a bound, the number of requests that took no longer: as Prometheus wants it.
    public var cumulative: [UInt64] {
        var total: UInt64 = 0
        return buckets.indices.map { index in
            total += buckets[index]
            return total
        }
    }

    /// Counts one request.
    mutating func add(_ nanoseconds: UInt64) {
        sum &+= nanoseconds
        let bounds = Self.bounds
        var index = 0
        while index < bounds.count && nanoseconds > bounds[index] { index += 1 }
        buckets[index] += 1
    }

    /// Whether both have counted the same in all buckets, and the same sum.
    public static func == (a: Self, b: Self) -> Bool { a.sum == b.sum && a.cumulative == b.cumulative }
}
