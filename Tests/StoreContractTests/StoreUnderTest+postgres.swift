import CacheCoordinator
import Domain
import EventLoop
import Foundation
import MemoryStore
import Model
import Postgres
import PostgresStore
import RedisCache
import Testing

@testable import Migrator
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

    /// PostgreSQL, if the environment names one: each store is a schema of its own, with the tables of the migrations.
    static let postgres: StoreUnderTest? = TestServers.database.map { url in
        StoreUnderTest("PostgreSQL") { loop, body in
            try await withSchema(url, on: loop) { pool, _ in
                try await body(SQLStore(pool, declarations.schemas, views: sqlViews), nil)
            }
        }
    }

    /// The same behind the cache in Redis.
    static let cachedPostgres: StoreUnderTest? = TestServers.database.flatMap { url in
        TestServers.redis.map { redis in
            StoreUnderTest("PostgreSQL behind Redis") { loop, body in
                try await withSchema(url, on: loop) { pool, configuration in
                    let base = SQLStore(pool, declarations.schemas, views: sqlViews)
                    try await withRedis(redis, configuration, on: loop) { backend, announcer in
                        let cache = Cache(backend, policy: CachePolicy(), now: { Int64(loop.now) }) {
                            try await base.evidence(deadline: $0)
                        }
                        try await body(CachedStore(base, cache, announcer), base)
                    }
                }
            }
        }
    }

    /// - Parameter options: more options of each connection, as in `-cenable_seqscan=off`.
    static func withSchema(
        _ url: String, options: [String] = [], connections: Int = 3, on loop: Loop,
        _ body: (PostgresPool, PostgresConfiguration) async throws -> Void
    ) async throws {
        let schema = "contract_\(UInt64.random(in: .min ... .max))"
        let admin = try await PostgresConnection.connect(try PostgresConfiguration(url), on: loop)
        defer { admin.close() }
        try await admin.simpleQuery("CREATE SCHEMA \(schema); SET search_path TO \(schema)")
        try await admin.simpleQuery("CREATE TABLE larder_migrations (version bigint, name text)")
        let own = MigrationLine.own(OwnTables.migrations).folder
        for file in try own.valid() + MigrationFolder(TestServers.migrations).valid() {
            try await admin.simpleQuery(file.up.sql)
        }

        let separator = url.contains("?") ? "&" : "?"
        let options = (["-csearch_path=\(schema)"] + options).joined(separator: " ")
        let encoded = options.replacing("=", with: "%3D").replacing(" ", with: "%20")
        let configuration = try PostgresConfiguration("\(url)\(separator)options=\(encoded)")
        let pool = PostgresPool(configuration, on: loop, limits: PoolLimits(size: connections))
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(pool, configuration)) } catch { outcome = .failure(error) }
        await pool.close(within: 1_000)
        try await admin.simpleQuery("DROP SCHEMA \(schema) CASCADE")
        try outcome.get()
    }

    /// A backend in Redis, and the membership of those who share it.
    private static func withRedis(
        _ url: String, _ database: PostgresConfiguration, on loop: Loop,
        _ body: (RedisBackend, any Announcer) async throws -> Void
    ) async throws {
        var configuration = try RedisConfiguration(url: url)
        configuration.prefix = "contract-\(UInt64.random(in: .min ... .max))"
        // Many tests run at the same time; a slow machine is not a dead server.
        configuration.commandTimeout = 5_000
        let lease = CacheLease(clock: { SystemClock.elapsed })
        let backend = RedisBackend(configuration, lease, on: loop)
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

/// The servers that the environment names; scripts/test starts them.
enum TestServers {
    static let database = ProcessInfo.processInfo.environment["LARDER_TEST_DATABASE_URL"]
    static let redis = ProcessInfo.processInfo.environment["LARDER_TEST_REDIS_URL"]
    static let migrations = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Migrations").path()
}
