/// What travels with one request: how long it may take, and what became of it in the cache.
public final class ReadContext {
    /// When the answer is too late, in milliseconds of the loop's clock.
    public let deadline: UInt64
    /// What the client asks of the cache. Without a cache it means nothing.
    public let demand: CacheDemand
    /// The form that the client is sent, if the value is long enough for another than its own; nil if no other is offered.
    public let coding: Coding?
    /// Whether the store has to ask which writers run before it reads.
    public let asksWhoWrites: Bool
    /// What the store knew when it read; nil as long as it has not.
    public private(set) var evidence: ReadEvidence?
    /// The tags on which the value that is being read depends. Reads add theirs.
    public private(set) var tags: [Tag] = []
    /// The same tags, once there are so many that looking through them would take long; else empty.
    private var index: Set<Tag> = []
    private static let fewTags = 16
    /// What the cache did; nil if there is none.
    public var outcome: CacheOutcome?

    public init(
        deadline: UInt64, demand: CacheDemand = CacheDemand(), coding: Coding? = nil, asksWhoWrites: Bool = false
    ) {
        self.deadline = deadline
        self.demand = demand
        self.coding = coding
        self.asksWhoWrites = asksWhoWrites
    }

    /// Records what the store knew when it read. Of several reads the first counts: what was finished then is so later.
    public func saw(_ evidence: ReadEvidence) {
        if self.evidence == nil { self.evidence = evidence }
    }

    /// Records that what is being read depends on `tag`.
    public func depend(on tag: Tag) {
        if tags.count < Self.fewTags {
            if !tags.contains(tag) { tags.append(tag) }
        } else {
            if index.isEmpty { index = Set(tags) }
            if index.insert(tag).inserted { tags.append(tag) }
        }
    }

    /// The same for several, at no cost for the first ones.
    public func depend(on others: [Tag]) {
        if tags.isEmpty { tags = others } else { for tag in others { depend(on: tag) } }
    }
}

/// What a cache did for a read, as `Cache-Status` reports it (RFC 9211).
public enum CacheOutcome: Hashable, Sendable {
    /// It had a valid entry, which lives for so many seconds more.
    case hit(secondsLeft: Int)
    /// It had an entry that was valid a moment ago, and neither the database nor the cache can be asked whether it still is. It lives
    /// for so many seconds more, or has ended as many ago.
    case unverified(secondsLeft: Int)
    /// It had no valid entry, and stored what the store returned.
    case stored
    /// It had no valid entry, and waited for a load that was under way.
    case collapsed
    /// The client wanted the value from the store.
    case request
    /// It did not take part.
    case bypass(Bypass)

    /// Why it did not take part.
    public enum Bypass: Hashable, Sendable {
        /// A write that touches the value may commit at any moment.
        case writeInFlight
        /// The cache server cannot be reached.
        case unreachable
        /// The database does not let this instance use the cache now.
        case closed
        /// What the value depends on changed again and again while it was read.
        case changing
    }
}
