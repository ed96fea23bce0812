internal import CacheCoordinator
internal import EventLoop
internal import MemoryStore
internal import Metrics
internal import Migrator
internal import Model
internal import Postgres
internal import RedisCache

/// What all workers of this process share: rows and tags in memory when there is no server for them, the permission to use the
/// cache, whether the database has a connection for each, and which migrations it is to have.
struct SharedMemory: Sendable {
    let database = MemoryDatabase()
    let tags = ProcessTags()
    /// Names this process's memory as a cache.
    let life = "process:" + String(UInt64.random(in: .min ... .max), radix: 16)
    let lease = CacheLease(clock: { SystemClock.elapsed })
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
    /// Nil if another loop of the process has it, or the rows are this process's own.
    private let participation: CacheParticipation?

    /// - Parameter announcer: announces what this one's own backend does not; nil to do it here.
    init(_ configuration: Configuration, _ memory: SharedMemory, on loop: Loop, announcer: (any Announcer)? = nil) {
        observation = Observation(configuration.log, on: loop)
        let base = Self.store(configuration, memory, on: loop, observation)
        let backend = Self.backend(configuration, memory, on: loop, observation)
        self.base = base
        self.backend = backend
        var other = announcer
        if let database = configuration.database, announcer == nil {
            let own = CacheParticipation(database, configuration, memory, backend, on: loop, observation)
            participation = own
            other = own.membership
        } else {
            participation = nil
        }
        guard let other, configuration.database != nil || backend != nil else {
            // Nobody but this process can see its rows.
            (store, cache) = (base.rows, nil)
            return
        }
        let announcer = LeasedAnnouncer(backend, memory.lease, other: other)
        if let backend, configuration.cache != .off {
            let clock = WallClock(loop)
            let cache = Cache(
                backend, policy: configuration.cachePolicy, now: clock.now, report: { [observation] in observation.note($0) }
            ) { try await base.rows.evidence(deadline: $0) }
            self.cache = cache
            store = CachedStore(base.rows, cache, announcer)
        } else {
            // Who does not read from a cache that others may share tells them of his writes all the same.
            cache = nil
            store = AnnouncingStore(base.rows, announcer)
        }
        backend?.start()
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

    /// The backend of the cache that the settings name: a line for each kind. Nil if there is none.
    static func backend(
        _ configuration: Configuration, _ memory: SharedMemory, on loop: Loop, _ observation: Observation
    ) -> (any OperatedBackend)? {
        if configuration.cache == .process {
            // What is cached of rows in this process nobody else has to permit.
            if configuration.database == nil {
                memory.lease.give(.init(keyspace: Keyspace("memory"), life: memory.life, end: .max))
            }
            return ProcessBackend(memory.tags, memory.lease, life: memory.life)
        }
        return configuration.redis.map { RedisBackend($0, memory.lease, on: loop) { observation.note($0) } }
    }

    /// What its parts count.
    var measured: [any Measured] {
        let parts = [cache?.statistics, base.measured, backend?.measured] as [(any Measured)?]
        return parts.compactMap(\.self)
    }

    /// Closes everything; what the store does has so many milliseconds.
    func close(within milliseconds: UInt64) async {
        await base.close(within: milliseconds)
        await participation?.leave()
        backend?.close()
        observation.finish()
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
