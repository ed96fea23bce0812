internal import CacheCoordinator
internal import EventLoop
internal import Model
internal import Postgres
internal import PostgresStore
internal import RedisCache

extension StoreUnderTest {
    /// A store behind the cache of one process.
    static func cachedInProcess(_ base: any Store, on loop: Loop) -> any Store {
        let lease = CacheLease(clock: { SystemClock.elapsed })
        lease.give(.init(keyspace: Keyspace("memory"), life: "life", end: .max))
        let backend = ProcessBackend(ProcessTags(), lease, life: "life")
        let cache = Cache(backend, policy: CachePolicy(), now: { Int64(loop.now) }) { try await base.evidence(deadline: $0) }
        return CachedStore(base, cache, LeasedAnnouncer(backend, lease, other: Nobody()))
    }

    /// Hands a store behind a cache in the shared Redis to `body`, as a member of those who share it by their database.
    static func withRedisCache(
        over base: any Store, _ database: PostgresConfiguration, on loop: Loop, _ body: (any Store) async throws -> Void
    ) async throws {
        let lease = CacheLease(clock: { SystemClock.elapsed })
        let backend = RedisBackend(try TestServers.redis(), lease, on: loop)
        let authority = SQLAuthority(database, on: loop, patience: 10_000)
        let membership = Membership(lease, authority, backend, on: loop)
        membership.start()
        backend.start()
        try await finally({
            try await backend.waitUntilReady(milliseconds: 20_000)
            let cache = Cache(backend, policy: CachePolicy(), now: { Int64(loop.now) }) { try await base.evidence(deadline: $0) }
            try await body(CachedStore(base, cache, LeasedAnnouncer(backend, lease, other: membership)))
        }) {
            await membership.leave()
            authority.close()
            backend.close()
        }
    }
}

/// Rows in memory are announced to nobody else.
private struct Nobody: Announcer {
    func announce(_ id: UInt64, on tags: [Tag], deadline: UInt64) async throws { throw DomainError.contention }
}
