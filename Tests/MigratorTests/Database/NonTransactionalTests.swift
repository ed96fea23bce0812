import EventLoop
import LarderTesting
import Testing

@testable import Migrator
@testable import Postgres

@Suite struct `A migration without a transaction` {
    private static let contents = [
        "0001_a.sql": "-- migrate:up\nCREATE TABLE items (a int);",
        "0002_b.sql": "-- migrate:up transaction:false\nCREATE UNIQUE INDEX CONCURRENTLY items_a ON items (a);\n"
            + "-- migrate:down transaction:false\nDROP INDEX CONCURRENTLY items_a;",
        "0003_c.sql": "-- migrate:up\nCREATE TABLE c ();",
    ]

    @Test func `is noted before and after`() async throws {
        try await TestDatabase.with { database async throws in
            let runner = try database.runner(Self.contents)
            try await runner.run(.up(to: 2))
            #expect(try await database.applied() == ["1 a finished", "2 b finished"])
            #expect(try await database.rows("SELECT duration > '0' FROM larder_migrations WHERE version = 2") == ["t"])
            try await runner.run(.down())
            #expect(try await database.applied() == ["1 a finished"])
            #expect(try await database.rows("SELECT to_regclass('items_a')") == ["-"])
        }
    }

    @Test func `that failed is explained by what it left, and begun again when that is gone`() async throws {
        try await TestDatabase.with { database async throws in
            let runner = try database.runner(Self.contents)
            try await runner.run(.up(to: 1))
            try await database.execute("INSERT INTO items VALUES (7), (7)")

            let explanation = "0002_b.sql, which runs without a transaction, was begun at "
            let advice = "; it left an index that pg_index calls invalid: run `DROP INDEX CONCURRENTLY items_a`, then "
            let failure = await migrationError { try await runner.run(.up()) }
            #expect(failure?.kind == .statementFailed)
            #expect(
                failure?.sentences.first
                    == "0002_b.sql:2: could not create unique index \"items_a\" (SQLSTATE 23505): Key (a)=(7) is "
                    + "duplicated; it ran without a transaction, so a part of its work may be left")
            #expect(failure?.sentences.last?.hasPrefix(explanation) == true)
            #expect(failure?.sentences.last?.contains(advice) == true)

            let refusal = await migrationError { try await runner.run(.up()) }
            #expect(refusal?.kind == .refused)
            #expect(refusal?.sentences.count == 1)
            #expect(refusal?.sentences.first?.contains(advice) == true)
            #expect(try await runner.verify().count == 1)
            #expect(try await runner.status().map(\.state) == [.applied, .interrupted, .pending])

            try await database.execute("DELETE FROM items")
            try await database.execute("DROP INDEX CONCURRENTLY items_a")
            #expect(try await runner.run(.up(retry: true)).summary == ["0002 up", "0003 up"])
            #expect(try await runner.verify() == [])
        }
    }

    @Test func `that was interrupted can be accepted as it is`() async throws {
        try await TestDatabase.with { database async throws in
            let runner = try database.runner(Self.contents)
            try await runner.run(.up(to: 2))
            // As if the runner had gone before its last note.
            try await database.execute("UPDATE larder_migrations SET state = 'started', duration = NULL WHERE version = 2")
            let error = await migrationError { try await runner.run(.up()) }
            #expect(error?.description.contains("if all of it is there, run `larder migrate baseline 0002`") == true)
            try await runner.run(.baseline(2))
            #expect(try await runner.run(.up()).summary == ["0003 up"])
        }
    }

    @Test func `is recognised when its runner is killed`() async throws {
        try await TestDatabase.with { database async throws in
            try await database.runner(Self.contents).run(.up(to: 1))
            let url = database.url
            let runner = try database.runner(Self.contents)
            // The index build waits for this transaction.
            let building = try await database.during("INSERT INTO items VALUES (1)") {
                let building = Task {
                    try await onLoop { loop in
                        let runner = MigrationRunner(folder(Self.contents), database: try PostgresConfiguration(url), on: loop)
                        return await migrationError { try await runner.run(.up()) }
                    }
                }
                let waiting = "FROM pg_stat_progress_create_index WHERE datname = current_database() AND phase LIKE 'waiting%'"
                try await database.waitForRows("SELECT pid \(waiting)")
                try await database.execute("SELECT pg_terminate_backend(pid, 5000) \(waiting)")
                return building
            }
            let error = try await building.value
            #expect(error?.kind == .database)
            #expect(
                error?.description == "0002_b.sql:2: terminating connection due to administrator command (SQLSTATE 57P01); the "
                    + "statement runs without a transaction: see by `larder migrate verify` what to do")
            let problems = try await runner.verify().map(\.description)
            #expect(problems.count == 1)
            #expect(problems.first?.contains("`DROP INDEX CONCURRENTLY items_a`, then `larder migrate up --retry`") == true)
            try await database.execute("DROP INDEX CONCURRENTLY items_a")
            #expect(try await runner.run(.up(retry: true)).summary == ["0002 up", "0003 up"])
        }
    }

    @Test func `may be stopped on its way back`() async throws {
        try await TestDatabase.with { database async throws in
            let runner = try database.runner(Self.contents)
            try await runner.run(.up(to: 2))
            try await database.execute("ALTER INDEX items_a RENAME TO hidden")
            let failure = await migrationError { try await runner.run(.down()) }
            #expect(failure?.sentences.count == 2)
            #expect(try await database.applied() == ["1 a finished", "2 b reverting"])
            #expect(await migrationError { try await runner.run(.up()) }?.kind == .refused)
            try await database.execute("ALTER INDEX hidden RENAME TO items_a")
            #expect(try await runner.run(.down(retry: true)).summary == ["0002 down"])
            #expect(try await database.applied() == ["1 a finished"])
        }
    }

    @Test func `can do whatever refuses transactions`() async throws {
        try await TestDatabase.with { database async throws in
            try await database.runner(["0001_a.sql": "-- migrate:up transaction:false\nVACUUM ANALYZE;"]).run(.up())
            #expect(try await database.applied() == ["1 a finished"])
        }
    }
}
