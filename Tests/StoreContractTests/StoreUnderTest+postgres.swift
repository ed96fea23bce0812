import CacheCoordinator
import Domain
import EventLoop
import Foundation
import LarderTesting
import MemoryStore
import Model
import Postgres
import PostgresStore
import RedisCache
import Testing

@testable import larder

extension StoreUnderTest {
    /// Rows in memory behind the cache of one process.
    static let cachedMemory = StoreUnderTest("memory behind a cache") { loop, body in
        let lease = CacheLease(clock: { SystemClock.elapsed })
        lease.give(.init(keyspace: Keyspace("memory"), life: "life", end: .max))
        let backend = ProcessBackend(ProcessTags(), lease, life: "life")
        let base = InMemoryStore(MemoryDatabase(), now: { loop.now })
        let cache = Cache(backend, policy: CachePolicy(), now: { Int64(loop.now) }) { try await base.evidence(deadline: $0) }
        try await body(CachedStore(base, cache, LeasedAnnouncer(backend, lease, other: Nobody())), base)
    }

    /// PostgreSQL: each store is a schema of its own, with the tables of the migrations.
    static let postgres = StoreUnderTest("PostgreSQL") { loop, body in
        try await withPostgres(declarations, tables: .domain, views: sqlViews, on: loop) { try await body($0, nil) }
    }

    /// The same behind the cache in Redis.
    static let cachedPostgres = StoreUnderTest("PostgreSQL behind Redis") { loop, body in
        try await withPostgres(.domain, on: loop) { pool, configuration in
            let base = SQLStore(pool, declarations.schemas, views: sqlViews)
            try await withRedis(configuration, on: loop) { backend, announcer in
                let cache = Cache(backend, policy: CachePolicy(), now: { Int64(loop.now) }) {
                    try await base.evidence(deadline: $0)
                }
                try await body(CachedStore(base, cache, announcer), base)
            }
        }
    }

    /// A backend in Redis, and the membership of those who share it.
    private static func withRedis(
        _ database: PostgresConfiguration, on loop: Loop,
        _ body: (RedisBackend, any Announcer) async throws -> Void
    ) async throws {
        let lease = CacheLease(clock: { SystemClock.elapsed })
        let backend = RedisBackend(try TestServers.redis(), lease, on: loop)
        let authority = SQLAuthority(database, on: loop, patience: 10_000)
        let membership = Membership(lease, authority, backend, on: loop)
        membership.start()
        backend.start()
        let outcome: Result<Void, any Error>
        do {
            try await backend.waitUntilReady(milliseconds: 20_000)
            outcome = .success(try await body(backend, LeasedAnnouncer(backend, lease, other: membership)))
        } catch {
            outcome = .failure(error)
        }
        await membership.leave()
        authority.close()
        backend.close()
        try outcome.get()
    }
}

/// Rows in memory are announced to nobody else.
private struct Nobody: Announcer {
    func announce(_ id: UInt64, on tags: [Model.Tag], deadline: UInt64) async throws { throw DomainError.contention }
}

extension TestTables {
    /// Those of the migrations.
    static let domain = migrations(
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Migrations").path())
}
