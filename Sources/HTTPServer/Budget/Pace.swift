/// How slow a client may be in what others wait for: its content, or its taking of answers.
public struct LeastRate: Sendable, Equatable {
    /// How many bytes must move each second, on average.
    public var bytesPerSecond: Int
    /// For how long nothing may move before the average counts.
    public var graceMilliseconds: UInt64

    public init(bytesPerSecond: Int, graceMilliseconds: UInt64) {
        self.bytesPerSecond = bytesPerSecond
        self.graceMilliseconds = graceMilliseconds
    }
}

/// Whether a client keeps to a ``LeastRate``. A pure value, in milliseconds of its owner's clock.
///
/// Bytes buy time, and no more of it can be saved than the time of grace: who sent much at first is not let stand still for long
/// afterwards, as an average from the beginning on would let them.
struct Pace {
    /// When the client is too slow; `.max` while nobody waits for it.
    private(set) var deadline = UInt64.max

    var isAwaited: Bool { deadline != .max }

    /// Something is awaited of the client from now on. If something was already, nothing changes.
    mutating func begin(_ now: UInt64, _ rate: LeastRate) {
        if !isAwaited { deadline = now + rate.graceMilliseconds }
    }

    /// So many bytes have moved.
    mutating func moved(_ bytes: Int, _ now: UInt64, _ rate: LeastRate) {
        guard isAwaited else { return }
        let bought = UInt64(bytes) * 1_000 / UInt64(rate.bytesPerSecond)
        deadline = min(deadline + bought, now + rate.graceMilliseconds)
    }

    /// Nothing is awaited of the client any more.
    mutating func end() { deadline = .max }

    /// For how many milliseconds' worth the client is behind one that keeps to the rate and never pauses; 0 if nothing is awaited of it.
    func lag(_ now: UInt64, _ rate: LeastRate) -> UInt64 {
        isAwaited ? now + rate.graceMilliseconds - min(deadline, now + rate.graceMilliseconds) : 0
    }
}
