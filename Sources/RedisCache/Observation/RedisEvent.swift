/// All that a backend lets others observe. What of it is logged or measured is theirs to decide.
public enum RedisEvent: Sendable, Hashable {
    /// The handshake is complete.
    case connected(life: String, serverVersion: String)
    /// An attempt failed or the connection broke; the next attempt comes in so many milliseconds, 0 for at once. Only the
    /// first failure since there was a connection is news.
    case disconnected(RedisFailure, retryInMilliseconds: UInt64, isFirst: Bool)
    /// The server ended a connection that was idle; the next one is being made at once. If it cannot be, that is told.
    case endedIdle
    /// The server's settings hurt. It is told once.
    case evictionPolicy(EvictionHazard)
    /// An entry could not be stored: the server's words.
    case storeRefused(String)
}

/// What the server's `maxmemory-policy` costs.
public enum EvictionHazard: Sendable, Hashable, CustomStringConvertible {
    /// The policy picks its victims without regard to their use.
    case evictsWhatIsUsed(policy: String)
    /// Nothing is evicted: when its memory is full nothing new is cached.
    case keepsNothingWhenFull

    public var description: String {
        switch self {
        case .evictsWhatIsUsed(let policy):
            "maxmemory-policy is \(policy), which evicts what is used often as well; set it to allkeys-lfu or allkeys-lru"
        case .keepsNothingWhenFull:
            """
            maxmemory-policy is noeviction: when Redis runs out of memory nothing new is cached until there is room; \
            set it to allkeys-lfu or allkeys-lru
            """
        }
    }

    /// - Parameter policy: as `CONFIG GET maxmemory-policy` says it.
    init?(policy: String) {
        if policy.hasSuffix("-random") || policy == "volatile-ttl" {
            self = .evictsWhatIsUsed(policy: policy)
        } else if policy == "noeviction" {
            self = .keepsNothingWhenFull
        } else {
            return nil
        }
    }
}
