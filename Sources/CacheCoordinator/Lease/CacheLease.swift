internal import Synchronization

/// The permission to use the cache, which the database gives this process for a time. All its workers share it.
///
/// It is looked at after a request came, and by the clock: a process that stood still finds that its time is over.
public final class CacheLease: Sendable {
    /// What was permitted.
    public struct Grant: Hashable, Sendable {
        /// Where tags and entries are.
        public var keyspace: Keyspace
        /// The cache server's life; see ``CacheBackend/life``.
        public var life: String
        /// Until when, in milliseconds of the machine's monotonic clock.
        public var end: UInt64

        public init(keyspace: Keyspace, life: String, end: UInt64) {
            self.keyspace = keyspace
            self.life = life
            self.end = end
        }
    }

    private let held = Mutex<Grant?>(nil)
    private let clock: @Sendable () -> UInt64

    /// - Parameter clock: milliseconds of the machine's monotonic clock, asked each time.
    public init(clock: @escaping @Sendable () -> UInt64) { self.clock = clock }

    /// What is permitted now; nil if nothing is.
    public var grant: Grant? {
        guard let grant = held.withLock({ $0 }), clock() < grant.end else { return nil }
        return grant
    }

    /// Gives a permission, or takes it away: from now on nobody begins to use the cache with an earlier one.
    public func give(_ grant: Grant?) { held.withLock { $0 = grant } }
}
