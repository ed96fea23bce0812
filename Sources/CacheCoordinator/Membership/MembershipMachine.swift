/// When a member may use the cache, and when it closes or opens it, as a value: what it learned goes in, what is to be done comes
/// out. Times are milliseconds of its own monotonic clock.
///
/// These are the rules of docs/freshness.md for the lease; Models/lease.pml is searched for a case in which they are not enough.
struct MembershipMachine {
    enum Action: Equatable {
        /// From now on the cache may be used like this, or not at all.
        case grant(CacheLease.Grant?)
        /// Write what it obeys and reaches at once.
        case renew
        /// Ask who the members are: ``counted(_:now:)``.
        case count
        /// The same in so many milliseconds.
        case countLater(UInt64)
        case close(epoch: UInt64)
        case open(epoch: UInt64, forgetting: [String])
    }

    /// How long a permission lasts, in milliseconds.
    let length: UInt64
    /// What clocks that run apart, and a member that is about to look at its own, are given on top.
    let margin: UInt64

    private(set) var row: CacheRow?
    /// The epoch that it obeys.
    private(set) var obeys: UInt64 = 0
    /// The life of the server that it reaches; nil if it reaches none.
    private(set) var life: String?
    /// What it has permitted.
    private var granted: CacheLease.Grant?
    /// Since when it knows that the cache is closed in this epoch.
    private var closedSince: UInt64?
    /// The epoch in which nobody uses the cache any more, that is known for certain.
    private(set) var settledEpoch: UInt64?
    /// In which epoch messages of other writers may have been missed.
    private var gapEpoch: UInt64?

    init(length: UInt64, margin: UInt64) {
        self.length = length
        self.margin = margin
    }

    // MARK: Events

    mutating func reached(_ life: String?) -> [Action] {
        guard life != self.life else { return [] }
        self.life = life
        // Without a connection nothing can be asked of it. It may be back in a moment, as the same.
        return life == nil || life == granted?.life ? [] : take([.renew])
    }

    /// Takes the permission away, before anything else is done.
    private mutating func take(_ actions: [Action]) -> [Action] {
        granted = nil
        return [.grant(nil)] + actions
    }

    /// Messages may have been missed until now.
    mutating func missedMessages() -> [Action] {
        gapEpoch = row?.epoch
        return take([.renew])
    }

    /// - Parameter sentAt: when the row was asked for by ``Action/renew``; nil if it was read on another occasion.
    mutating func learned(_ row: CacheRow, sentAt: UInt64?, now: UInt64) -> [Action] {
        if let known = self.row, row.epoch < known.epoch, row.isSameHistory { return [] }  // it comes late
        if row.epoch != self.row?.epoch || !row.isOpen && self.row?.isOpen == true { closedSince = nil }
        self.row = row
        if row.isOpen, row.isSameHistory, gapEpoch != row.epoch {
            return learnedOpen(row, sentAt: sentAt)
        }
        // What is in an open keyspace may lack something then.
        if row.isOpen { return take(life == nil ? [] : [.close(epoch: row.epoch)]) }
        closedSince = closedSince ?? now
        guard obeys == row.epoch else {
            obeys = row.epoch
            return take([.renew])
        }
        return take(life == nil ? [] : [.count])
    }

    private mutating func learnedOpen(_ row: CacheRow, sentAt: UInt64?) -> [Action] {
        gapEpoch = nil
        obeys = row.epoch
        guard let life else { return take([]) }
        guard life == row.life else { return take([.count]) }
        guard let sentAt else { return granted?.keyspace == row.keyspace ? [] : take([.renew]) }
        let grant = CacheLease.Grant(keyspace: row.keyspace, life: life, end: sentAt + length)
        granted = grant
        return [.grant(grant)]
    }

    mutating func counted(_ members: [CacheMember], now: UInt64) -> [Action] {
        guard let row else { return [] }
        if row.isOpen {
            guard row.isSameHistory, let life, life != row.life else { return [] }
            // It reaches another server. As long as somebody reaches the one in use, that stays in use.
            return members.contains { $0.life == row.life && $0.isLive } ? [] : [.close(epoch: row.epoch)]
        }
        let (isSettled, laggards) = settle(members, now: now)
        guard life != nil else { return [] }
        return isSettled ? [.open(epoch: row.epoch, forgetting: laggards)] : [.countLater(Self.pause)]
    }

    /// Whether nobody uses the cache any more that was closed, by the members as they are: all obey, or the time of those who do not
    /// is over, which each has set for itself.
    ///
    /// - Returns: and those who do not.
    mutating func settle(_ members: [CacheMember], now: UInt64) -> (isSettled: Bool, laggards: [String]) {
        guard let row, !row.isOpen, let closedSince else { return (false, []) }
        let laggards = members.filter { $0.obeys < row.epoch }
        // After a failover the list may lack members that use the cache.
        let isComplete = laggards.isEmpty && row.isSameHistory
        let longest = (laggards + (row.isSameHistory ? [] : members)).map(\.lease).max() ?? length
        let ids = laggards.map(\.id)
        guard isComplete || now >= closedSince + max(longest, length) + margin else { return (false, ids) }
        settledEpoch = row.epoch
        return (true, ids)
    }

    /// Between two looks at who obeys, in milliseconds.
    static let pause: UInt64 = 5
}
