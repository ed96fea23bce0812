internal import CacheCoordinator
internal import EventLoop
internal import MemoryStore
internal import Metrics
internal import Model
internal import Postgres
internal import PostgresStore
internal import RedisCache

/// What all workers of this process share: rows and tags in memory when there is no server for them, what a server for
/// tags was not told of, and whether the database has a connection for each.
struct SharedMemory: Sendable {
    let database = MemoryDatabase()
    let tags = ProcessTags()
    let unannounced = UnannouncedWrites()
    let shortage = ConnectionShortage()
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
    /// Names the database in the keys of the cache, and tells how long to hold off.
    let register: Registrar
    let registration = Registration()

    /// What became of the last attempt to register a keyspace.
    final class Registration {
        fileprivate(set) var failure: (any Error)?
    }

    typealias Registrar = (inout Keyspace) async throws -> Int

    /// - Parameters:
    ///   - observe: told of what happens to Redis; the log if nobody else is.
    ///   - register: what takes the place of the store's own registrar.
    init(
        _ configuration: Configuration, _ memory: SharedMemory, on loop: EventLoop, observe: ((RedisEvent) -> Void)? = nil,
        register: Registrar? = nil
    ) {
        self.loop = loop
        settlingMilliseconds = configuration.redisPatience
        let observation = Observation(configuration.log, on: loop)
        self.observation = observation
        let base: any Store
        if let database = configuration.database {
            let pool = PostgresPool(database, on: loop, limits: configuration.databasePool, shortage: memory.shortage) {
                observation.note($0)
            }
            self.pool = pool
            base = PostgresStore(pool, configuration.declarations.schemas, views: configuration.views)
        } else {
            pool = nil
            base = MemoryStore(memory.database, now: { loop.now })
        }
        self.register = register ?? Self.registrar(pool, configuration, loop, registration)
        guard configuration.cache == .on || configuration.redis != nil else {
            (store, redis, cache) = (base, nil, nil)
            return
        }
        let backend: any CacheBackend
        if let settings = configuration.redis {
            redis = RedisBackend(
                settings, on: loop, unannounced: memory.unannounced,
                observe: observe ?? { observation.note($0) },
                register: self.register)
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

    /// For the administration of the cache beside workers, whose logs tell of its failures too. It has no connection to the
    /// database: what a limit leaves is for those who serve.
    convenience init(beside worker: Worker, _ configuration: Configuration, _ memory: SharedMemory, on loop: EventLoop) {
        var configuration = configuration
        configuration.database = nil
        configuration.log = configuration.log.from(max(configuration.log.level, .error))
        let register: Registrar = { keyspace in
            let registered = try await worker.register(keyspace)
            keyspace = registered.keyspace
            return registered.holdOff
        }
        self.init(configuration, memory, on: loop, register: register)
    }

    /// What registers keyspaces in the database, which knows the caches that it was used with.
    private static func registrar(
        _ pool: PostgresPool?, _ configuration: Configuration, _ loop: EventLoop, _ outcome: Registration
    ) -> Registrar {
        { keyspace in
            guard let pool, let settings = configuration.redis else {
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
                outcome.failure = nil
                return registration.holdOff
            } catch {
                outcome.failure = error
                throw (error as? KeyspaceRegistry.Superseded).map { SupersededKeyspace($0.description) } ?? error
            }
        }
    }

    private static let process = String(UInt64.random(in: .min ... .max), radix: 16)
    private static let registrationMilliseconds: UInt64 = 5_000

    /// What its parts count.
    var measured: [any Measured] {
        let parts: [(any Measured)?] = [cache?.statistics, pool?.statistics, redis?.counters]
        return parts.compactMap(\.self)
    }

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
