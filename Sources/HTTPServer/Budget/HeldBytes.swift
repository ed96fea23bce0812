/// What is held for one client in one direction: the bytes for which the server's budget is charged, and the pace at which the
/// client moves them. A pure value, in milliseconds of its owner's clock.
struct HeldBytes {
    /// The bytes that are charged.
    private(set) var charge = 0
    private let ownBytes: Int
    private let rates: Rates
    /// By the least rate that is asked of everybody.
    private var pace = Pace()
    /// By the rate that decides who has to make room for others.
    private var lead = Pace()

    /// The rates that are asked of a client.
    struct Rates {
        /// Slower ones are ended.
        let least: LeastRate
        /// Slower ones have to make room for others.
        let held: LeastRate
    }

    /// - Parameter ownBytes: so many are the client's own, and not charged.
    init(ownBytes: Int, rates: Rates) {
        self.ownBytes = ownBytes
        self.rates = rates
    }

    // MARK: The charge

    /// How many bytes more have to be charged before `count` are held; 0 or less if none have to be.
    @inline(__always)
    func missing(for count: Int) -> Int { count - ownBytes - charge }

    /// So many bytes more are charged, 0 or more.
    mutating func charge(_ count: Int) {
        precondition(count >= 0, "what is charged is not negative")
        charge += count
    }

    /// Only `count` bytes are held now.
    ///
    /// - Returns: how many of those that were charged are to be given back.
    mutating func reduce(to count: Int) -> Int {
        let surplus = max(0, charge - max(0, count - ownBytes))
        charge -= surplus
        return surplus
    }

    // MARK: The pace

    /// Whether something is awaited of the client.
    var isAwaited: Bool { pace.isAwaited }

    /// Something is awaited of the client from now on. If something was already, nothing changes.
    mutating func begin(_ now: UInt64) {
        pace.begin(now, rates.least)
        lead.begin(now, rates.held)
    }

    /// So many bytes have moved.
    @inline(__always)
    mutating func moved(_ count: Int, _ now: UInt64) {
        guard isAwaited else { return }
        pace.moved(count, now, rates.least)
        lead.moved(count, now, rates.held)
    }

    /// Nothing is awaited of the client any more.
    @inline(__always)
    mutating func end() {
        pace.end()
        lead.end()
    }

    /// Whether the client is slower than the least rate.
    func isTooSlow(_ now: UInt64) -> Bool { now >= pace.deadline }

    /// For how many milliseconds' worth the client is behind one that makes no room; 0 if nothing is awaited of it.
    func lag(_ now: UInt64) -> UInt64 { lead.lag(now, rates.held) }
}
