internal import CacheCoordinator
internal import Domain
internal import EventLoop
internal import MemoryStore
internal import PostgresStore
internal import RedisCache

/// What all workers of this process share: rows and tags in memory when there is no server for them, and what a server for
/// tags was not told of.
struct SharedMemory: Sendable {
    let database = MemoryDatabase()
    let tags = ProcessTags()
    let unannounced = UnannouncedWrites()
}

/// The store of one worker, as the configuration stacks it: a store, and a cache over it, which may be for its writes alone.
final class Backing {
    let store: any Store
    let pool: PostgresPool?
    let redis: RedisBackend?
    let cache: Cache?
    /// Tells the log of what happens on the loop.
    let observation: Observation
    private let loop: EventLoop
    /// How long Redis has to be told of the last writes, in milliseconds.
    private let settlingMilliseconds: UInt64

    /// - Parameter observe: told of what happens to Redis; the log if nobody else is.
    init(
        _ configuration: Configuration, _ memory: SharedMemory, on loop: EventLoop, observe: ((RedisEvent) -> Void)? = nil
    ) {
        self.loop = loop
        settlingMilliseconds = configuration.redisPatience
        let observation = Observation(configuration.log, on: loop)
        self.observation = observation
        let base: any Store
        if let database = configuration.database {
            let limits = PoolLimits(size: configuration.databasePoolSize)
            let pool = PostgresPool(database, on: loop, limits: limits) { observation.note($0) }
            self.pool = pool
            base = PostgresStore(pool)
        } else {
            pool = nil
            base = MemoryStore(memory.database, now: { loop.now })
        }
        guard configuration.cache == .on || configuration.redis != nil else {
            (store, redis, cache) = (base, nil, nil)
            return
        }
        let backend: any CacheBackend
        if let settings = configuration.redis {
            redis = RedisBackend(
                settings, on: loop, unannounced: memory.unannounced,
                observe: observe ?? { observation.note($0) },
                register: Self.registrar(pool, settings, configuration, loop))
            backend = redis!
        } else {
            redis = nil
            backend = ProcessBackend(memory.tags, now: { WallClock.milliseconds })
        }
        let clock = WallClock(loop)
        let cache = Cache(backend, policy: configuration.cachePolicy, now: clock.now)
        self.cache = cache
        // Who does not read from a cache that others may share tells them of his writes all the same.
        store = configuration.cache == .on ? CachedStore(base, cache) : AnnouncingStore(base, cache)
        redis?.start()
    }

    /// For administration and commands: the same with two connections, and silent about what the workers log too.
    convenience init(
        administering configuration: Configuration, _ memory: SharedMemory, on loop: EventLoop,
        observe: ((RedisEvent) -> Void)? = nil
    ) {
        var configuration = configuration
        configuration.databasePoolSize = ConnectionPlan.administration
        configuration.log = configuration.log.from(max(configuration.log.level, .error))
        self.init(configuration, memory, on: loop, observe: observe)
    }

    /// Names the database in the keys of the cache, and knows which caches it was used with.
    private static func registrar(
        _ pool: PostgresPool?, _ settings: RedisConfiguration, _ configuration: Configuration, _ loop: EventLoop
    ) -> (inout Keyspace) async throws -> Int {
        { keyspace in
            guard let pool else {
                // Rows in memory are this process's own, and so is what is cached of them.
                keyspace = Keyspace("\(keyspace.name):\(process)")
                return 0
            }
            do {
                // Those who have another prefix or another database of the server hear nothing of our writes.
                let registration = try await KeyspaceRegistry(pool).register(
                    "\(settings.prefix):\(settings.database):\(keyspace.name)",
                    intentLifetime: configuration.cachePolicy.intentLifetime, deadline: loop.now + registrationMilliseconds)
                keyspace = Keyspace("\(keyspace.name):\(registration.database)")
                return registration.holdOff
            } catch let error as KeyspaceRegistry.Superseded {
                throw SupersededKeyspace(error.description)
            }
        }
    }

    private static let process = String(UInt64.random(in: .min ... .max), radix: 16)
    private static let registrationMilliseconds: UInt64 = 5_000

    /// Closes everything, when Redis knows of all writes or has had its time. The pool is needed for that, and has so many
    /// milliseconds afterwards.
    ///
    /// - Returns: whether Redis knows of all writes; if not, others may serve old values until their entries expire.
    @discardableResult
    func close(within milliseconds: UInt64) async -> Bool {
        await redis?.waitUntilSettled(milliseconds: settlingMilliseconds)
        await pool?.close(within: milliseconds)
        // Asked last: a write may have ended meanwhile.
        let isSettled = redis?.isSettled ?? true
        redis?.close()
        observation.finish()
        return isSettled
    }
}

/// The time of day, read from the loop's clock so that asking costs nothing.
struct WallClock {
    let now: () -> Int64

    init(_ loop: EventLoop) {
        let offset = Int64(Self.milliseconds) - Int64(loop.now)
        now = { offset + Int64(loop.now) }
    }

    static var milliseconds: UInt64 { UInt64(Timestamp.now.microseconds / 1000) }
}
