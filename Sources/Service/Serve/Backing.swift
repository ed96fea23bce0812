internal import CacheCoordinator
internal import EventLoop
internal import MemoryStore
internal import Metrics
internal import Migrator
internal import Model
internal import Postgres
internal import RedisCache

/// What all workers of this process share: rows and tags in memory when there is no server for them, what a server for
/// tags was not told of, whether the database has a connection for each, and which migrations it is to have.
struct SharedMemory: Sendable {
    let database = MemoryDatabase()
    let tags = ProcessTags()
    let unannounced = UnannouncedWrites()
    let shortage = ConnectionShortage()
    var migrations: PendingMigrations?
}

/// The store of one worker, as the configuration stacks it: a store, and a cache over it, which may be for its writes alone.
final class Backing {
    /// What the rows are in.
    let base: any OperatedStore
    /// Nil if nothing is cached.
    let backend: (any OperatedBackend)?
    let cache: Cache?
    /// The rows, read through the cache if there is one.
    let store: any Store
    /// Tells the log of what happens on the loop.
    let observation: Observation
    /// Tells the store of the cache.
    let register: Registrar
    /// How long others have to be told of the last writes, in milliseconds.
    private let settlingMilliseconds: UInt64

    typealias Registrar = (_ cache: String) async throws -> CacheRegistration

    /// - Parameters:
    ///   - register: what takes the place of the store's own registrar.
    ///   - tell: told what whoever runs a command has to wait for.
    init(
        _ configuration: Configuration, _ memory: SharedMemory, on loop: Loop, register: Registrar? = nil,
        tell: @escaping (String) -> Void = { _ in }
    ) {
        settlingMilliseconds = configuration.cachePatience
        observation = Observation(configuration.log, on: loop)
        let base = Self.store(configuration, memory, on: loop, observation)
        self.base = base
        self.register = register ?? { try await base.register($0) }
        guard configuration.cache == .on || configuration.hasSharedCache else {
            (store, backend, cache) = (base.rows, nil, nil)
            return
        }
        let backend = Self.backend(configuration, memory, on: loop, observation, register: self.register, tell: tell)
        let clock = WallClock(loop)
        let cache = Cache(backend, policy: configuration.cachePolicy, now: clock.now)
        self.backend = backend
        self.cache = cache
        // Who does not read from a cache that others may share tells them of his writes all the same.
        store = configuration.cache == .on ? CachedStore(base.rows, cache) : AnnouncingStore(base.rows, cache)
        backend.start()
    }

    /// The store that the settings name: a line for each kind.
    private static func store(
        _ configuration: Configuration, _ memory: SharedMemory, on loop: Loop, _ observation: Observation
    ) -> any OperatedStore {
        if let database = configuration.database {
            return PostgresOperation(database, configuration, memory, on: loop, observation)
        }
        return MemoryOperation(memory.database, now: { loop.now })
    }

    /// The backend of the cache that the settings name: a line for each kind.
    private static func backend(
        _ configuration: Configuration, _ memory: SharedMemory, on loop: Loop, _ observation: Observation,
        register: @escaping Registrar, tell: @escaping (String) -> Void
    ) -> any OperatedBackend {
        if let redis = configuration.redis {
            return RedisBackend(redis, memory, on: loop, observation, register: register, tell: tell)
        }
        return ProcessBackend(memory.tags, now: { WallClock.milliseconds })
    }

    /// For the administration of the cache beside workers, whose logs tell of its failures too. It has no connection to the
    /// database: what a limit leaves is for those who serve.
    convenience init(beside worker: Worker, _ configuration: Configuration, _ memory: SharedMemory, on loop: Loop) {
        var configuration = configuration
        configuration.database = nil
        configuration.log = configuration.log.from(max(configuration.log.level, .error))
        self.init(configuration, memory, on: loop, register: { try await worker.register($0) })
    }

    /// What its parts count.
    var measured: [any Measured] {
        let parts = [cache?.statistics, base.measured, backend?.measured] as [(any Measured)?]
        return parts.compactMap(\.self)
    }

    /// Closes everything, when all who share the cache know of all writes or it has had its time. The store is needed for
    /// that, and has so many milliseconds afterwards.
    ///
    /// - Returns: whether they know of all writes; if not, others may serve old values until their entries expire.
    @discardableResult
    func close(within milliseconds: UInt64) async -> Bool {
        await backend?.waitUntilSettled(milliseconds: settlingMilliseconds)
        await base.close(within: milliseconds)
        // Asked last: a write may have ended meanwhile.
        let isSettled = backend?.isSettled ?? true
        backend?.close()
        observation.finish()
        return isSettled
    }
}

/// The time of day, read from the loop's clock so that asking costs nothing.
struct WallClock {
    let now: () -> Int64

    init(_ loop: Loop) {
        let offset = Int64(Self.milliseconds) - Int64(loop.now)
        now = { offset + Int64(loop.now) }
    }

    static var milliseconds: UInt64 { UInt64(Timestamp.now.microseconds / 1000) }
}
