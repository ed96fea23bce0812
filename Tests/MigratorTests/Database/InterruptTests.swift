import EventLoop
import Testing

@testable import Migrator
@testable import Postgres

@Suite struct `A runner that is interrupted` {
    private static func isSleeping(_ database: TestDatabase) async throws -> Bool {
        try await database.rows(
            "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()") != []
    }

    /// Applies `contents`, and interrupts that when `isReady`.
    private func interrupt(
        _ contents: [String: String], in database: TestDatabase,
        when isReady: (TestDatabase) async throws -> Bool = isSleeping
    ) async throws -> MigrationError {
        let runner = try database.runner(contents)
        var failure: MigrationError?
        database.loop.spawn {
            do throws(MigrationError) { try await runner.run(.up()) } catch { failure = error }
        }
        let deadline = database.loop.now + 20_000
        while try await !isReady(database), database.loop.now < deadline { await database.loop.sleep(milliseconds: 5) }
        #expect(await runner.interrupt())
        while failure == nil, database.loop.now < deadline { await database.loop.sleep(milliseconds: 5) }
        return try #require(failure)
    }

    @Test func `cancels its statement, so that the lock is gone`() async throws {
        try await TestDatabase.with { database in
            try await database.execute("CREATE TABLE shop (a int)")
            let error = try await interrupt(
                ["0001_a.sql": "-- migrate:up\nALTER TABLE shop ADD b int;\nSELECT pg_sleep(30);\nSELECT 1;"], in: database)
            #expect(error.sqlState == .queryCanceled)
            #expect(error.description.hasPrefix("0001_a.sql:3: "), "\(error)")
            try await database.execute("SET lock_timeout = '2s'; LOCK TABLE shop")
            #expect(try await database.applied() == [])
            // And so is the lock of runners.
            try await database.runner(["0001_a.sql": "-- migrate:up\nALTER TABLE shop ADD b int;"]).run(.up())
        }
    }

    @Test func `says what a statement without a transaction left behind`() async throws {
        try await TestDatabase.with { database in
            let error = try await interrupt(
                ["0001_a.sql": "-- migrate:up transaction:false\nSELECT pg_sleep(30);"], in: database)
            #expect(error.sqlState == .queryCanceled)
            #expect(error.sentences.contains { $0.contains("--retry") }, "\(error)")
        }
    }

    @Test func `no longer waits for another one`() async throws {
        try await TestDatabase.with { database in
            try await database.execute("SELECT pg_advisory_lock(x'6c61726465722d6d'::bigint)")
            let error = try await interrupt(["0001_a.sql": "-- migrate:up\nSELECT 1;"], in: database) {
                $0.events.contains { $0.hasPrefix("another migration is running") }
            }
            #expect(error.kind == .interrupted)
        }
    }

    @Test func `has nothing to end before it began`() async throws {
        try await TestDatabase.with { database in
            let runner = try database.runner(["0001_a.sql": "-- migrate:up\nSELECT 1;"])
            #expect(await runner.interrupt() == false)
        }
    }
}
