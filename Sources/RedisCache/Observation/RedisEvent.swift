public import CacheCoordinator

/// All that a backend lets others observe. What of it is logged or measured is theirs to decide.
public enum RedisEvent: Sendable, Hashable {
    /// The handshake is complete. The cache is not used before the keyspace is registered and out of its hold-off.
    case connected(Keyspace, serverVersion: String)
    /// An attempt failed or the connection broke; the next attempt comes in so many milliseconds, 0 for at once. Only the
    /// first failure since the cache was used, or since another obstacle, is news.
    case disconnected(RedisFailure, retryInMilliseconds: UInt64, isFirst: Bool)
    /// The server ended a connection that was idle; the next one is being made at once. If it cannot be, that is told.
    case endedIdle
    /// The keyspace could not be registered; the next attempt comes in so many milliseconds. The same is news.
    case registrationFailed(String, retryInMilliseconds: UInt64, isFirst: Bool)
    /// For so many milliseconds reads pass through, because writers of the keyspace before may still commit.
    case holdOffBegan(Keyspace, milliseconds: UInt64)
    /// The cache is used from now on, for the first time or again. After a refusal it comes only when the use has lasted,
    /// so that a server which is about full is not told of at each turn.
    case ready(Keyspace)
    /// The server evicts, or refuses, in a way that hurts. It is told once.
    case evictionPolicy(EvictionHazard)
    /// So many tags, whose writes could not be announced, were given an intent or new tokens after the fact.
    case settled(tags: Int)
    /// More tags than may be remembered waited to be settled, so that all tags of the keyspace were forgotten.
    case forgotAllTags
    /// An entry could not be stored: the server's words.
    case storeRefused(String)
}

/// What the server's `maxmemory-policy` endangers.
public enum EvictionHazard: Sendable, Hashable, CustomStringConvertible {
    /// The policy picks its victims without regard to their use, intents among them: then an entry may be filled
    /// while the write that makes it stale is under way.
    case evictsIntents(policy: String)
    /// Nothing is evicted: when its memory is full the server refuses writes, and the cache is off.
    case refusesWhenFull

    public var description: String {
        switch self {
        case .evictsIntents(let policy):
            """
            maxmemory-policy is \(policy), which may evict the marks of writes that are under way; \
            set it to allkeys-lru or volatile-lru
            """
        case .refusesWhenFull:
            """
            maxmemory-policy is noeviction: when Redis runs out of memory it refuses writes and the cache is off \
            until there is room; set it to allkeys-lru or volatile-lru
            """
        }
    }

    /// - Parameter policy: as `CONFIG GET maxmemory-policy` says it.
    init?(policy: String) {
        if policy.hasSuffix("-random") || policy == "volatile-ttl" {
            self = .evictsIntents(policy: policy)
        } else if policy == "noeviction" {
            self = .refusesWhenFull
        } else {
            return nil
        }
    }
}
