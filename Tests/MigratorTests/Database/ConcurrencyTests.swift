import EventLoop
import LarderTesting
import Testing

@testable import Migrator
@testable import Postgres

@Suite struct `Two runners at once` {
    /// Runs `body` on a loop, and so a thread, of its own, as a second process would.
    private func second(
        _ database: TestDatabase, _ contents: [String: String], limits: MigrationLimits = .quick
    ) throws -> @Sendable () async throws -> (plan: [String], events: [String]) {
        let url = database.url
        return {
            try await onLoop { loop in
                var events: [String] = []
                let runner = MigrationRunner(
                    folder(contents), database: try PostgresConfiguration(url), limits: limits, on: loop
                ) { events.append("\($0)") }
                return (try await runner.run(.up()).summary, events)
            }
        }
    }

    private static let slow = [
        "0001_a.sql": "-- migrate:up\nCREATE TABLE a (b int);\nINSERT INTO a VALUES (1);\nSELECT pg_sleep(0.3);",
        "0002_b.sql": "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY a_b ON a (b);",
        "0003_c.sql": "-- migrate:up\nINSERT INTO a VALUES (2);",
    ]

    @Test func `wait for each other, and the second finds it done`() async throws {
        try await TestDatabase.with { database async throws in
            let run = try second(database, Self.slow)
            async let one = run()
            async let two = run()
            let both = [try await one, try await two]
            let plans = both.map(\.plan).sorted { $0.count < $1.count }
            #expect(plans == [[], ["0001 up", "0002 up", "0003 up"]])
            let waited = both.filter { run in run.events.contains { $0.hasPrefix("another migration is running (pid ") } }
            #expect(waited.map(\.plan) == [[]])
            #expect(try await database.rows("SELECT b FROM a ORDER BY b") == ["1", "2"])
            #expect(try await database.rows("SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_b'::regclass") == ["t"])
        }
    }

    @Test func `are ten, and all of them come through`() async throws {
        try await TestDatabase.with { database async throws in
            let run = try second(database, Self.slow)
            let plans = try await withThrowingTaskGroup { group in
                for _ in 0..<10 { group.addTask { try await run().plan } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(plans.filter { !$0.isEmpty } == [["0001 up", "0002 up", "0003 up"]])
            #expect(try await database.rows("SELECT count(*) FROM a") == ["2"])
        }
    }

    @Test func `do not wait for ever`() async throws {
        try await TestDatabase.with { database async throws in
            try await database.execute("SELECT pg_advisory_lock(x'6c61726465722d6d'::bigint)")
            var limits = MigrationLimits.quick
            limits.runnerTimeout = 100
            let pid = database.connection.serverProcess
            let error = await migrationError { try await database.runner(tables(1), limits: limits).run(.up()) }
            #expect(error?.kind == .busy)
            #expect(
                error?.description
                    == "another migration (pid \(pid)) has not ended within 100 ms; wait until it has, or end it by "
                    + "`SELECT pg_terminate_backend(\(pid))`")
            #expect(database.events == ["another migration is running (pid \(pid)); waiting until it has ended"])
            // Looking needs no turn.
            #expect(try await database.runner(tables(1)).status().map(\.state) == [.pending])
        }
    }

    @Test func `leave the lock behind in no case`() async throws {
        try await TestDatabase.with { database async throws in
            let runner = try database.runner(["0001_a.sql": "-- migrate:up\nSELECT nothing;"])
            _ = await migrationError { try await runner.run(.up()) }
            _ = await migrationError { try await runner.run(.down()) }
            #expect(try await database.rows("SELECT pg_try_advisory_lock(x'6c61726465722d6d'::bigint)") == ["t"])
        }
    }

    @Test func `see what the other is working on`() async throws {
        try await TestDatabase.with { database async throws in
            try await database.execute("CREATE TABLE a (b int)")
            let contents = ["0001_b.sql": "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY a_b ON a (b);"]
            let run = try second(database, contents)
            let runner = try database.runner(contents)
            // The index build waits for this transaction, and with it its runner.
            let building = try await database.during("INSERT INTO a VALUES (1)") {
                let building = Task { try await run() }
                let start = database.loop.now
                while try await runner.status().map(\.state) != [.underWay], database.loop.now < start + 120_000 {
                    await database.loop.sleep(milliseconds: 10)
                }
                #expect(try await runner.status().map(\.state) == [.underWay])
                #expect(try await runner.verify().map { "\($0)" }.first?.contains("is being worked on by another") == true)
                // Longer than the lock timeout, which is not for this one.
                await database.loop.sleep(milliseconds: 600)
                return building
            }
            #expect(try await building.value.plan == ["0001 up"])
            #expect(try await runner.status().map(\.state) == [.applied])
        }
    }
}
