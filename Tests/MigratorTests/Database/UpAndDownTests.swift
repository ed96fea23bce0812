import Testing

@testable import Migrator
@testable import Postgres

@Suite struct `Migrations` {
    @Test func `are applied in their order, each with the note of it`() async throws {
        try await TestDatabase.with { database in
            let runner = try database.runner(tables(1, 2))
            let plan = try await runner.run(.up())
            #expect(plan.summary == ["0001 up", "0002 up"])
            #expect(try await database.tables() == ["larder_migrations", "t1", "t2"])
            #expect(try await database.applied() == ["1 t1 finished", "2 t2 finished"])
            let wellFormed = "checksum ~ '^[0-9a-f]{64}$' AND applied_at <= now() AND duration > '0' AND duration < '1 minute'"
            #expect(try await database.rows("SELECT bool_and(\(wellFormed)) FROM larder_migrations") == ["t"])
            #expect(database.events.filter { !$0.contains("finished in") } == ["1/2 0001_t1.sql up", "2/2 0002_t2.sql up"])
        }
    }

    @Test func `are applied once`() async throws {
        try await TestDatabase.with { database in
            _ = try await database.runner(tables(1)).run(.up())
            let runner = try database.runner(tables(1, 2, 3))
            #expect(try await runner.run(.up(to: 2)).summary == ["0002 up"])
            #expect(try await runner.run(.up()).summary == ["0003 up"])
            #expect(try await runner.run(.up()).summary == [])
        }
    }

    @Test func `are taken back`() async throws {
        try await TestDatabase.with { database in
            let runner = try database.runner(tables(1, 2, 3, 4))
            try await runner.run(.up())
            #expect(try await runner.run(.down()).summary == ["0004 down"])
            #expect(try await database.applied() == ["1 t1 finished", "2 t2 finished", "3 t3 finished"])
            #expect(try await runner.run(.downTo(1)).summary == ["0003 down", "0002 down"])
            #expect(try await database.tables() == ["larder_migrations", "t1"])
            #expect(try await runner.run(.downTo(.none)).summary == ["0001 down"])
            #expect(try await database.applied() == [])
            #expect(try await runner.run(.up()).steps.count == 4)
        }
    }

    @Test func `are done again as the file is now`() async throws {
        try await TestDatabase.with { database in
            _ = try await database.runner(tables(1, 2)).run(.up())
            var edited = tables(1, 2)
            edited["0002_t2.sql"] = "-- migrate:up\nCREATE TABLE other ();\n-- migrate:down\nDROP TABLE t2;"
            let runner = try database.runner(edited)
            #expect(try await runner.run(.redo).summary == ["0002 down", "0002 up"])
            #expect(try await database.tables() == ["larder_migrations", "other", "t1"])
            #expect(try await runner.verify() == [])
        }
    }

    @Test func `can be looked at before`() async throws {
        try await TestDatabase.with { database in
            let runner = try database.runner(tables(1, 2))
            let plan = try await runner.plan(.up(to: 1))
            #expect(plan.script == "-- 0001_t1.sql: up\nBEGIN;\nCREATE TABLE t1 ();\nCOMMIT;")
            #expect(try await database.tables() == [])
            #expect(database.events == [])
            try await runner.run(.up())
            #expect(try await runner.plan(.downTo(.none)).summary == ["0002 down", "0001 down"])
            #expect(try await database.tables() == ["larder_migrations", "t1", "t2"])
        }
    }

    @Test func `have a state`() async throws {
        try await TestDatabase.with { database in
            #expect(try await database.runner(tables(1, 2)).status().map(\.state) == [.pending, .pending])
            try await database.runner(tables(1, 3)).run(.up())
            let statuses = try await database.runner(tables(1, 2, 4)).status()
            #expect(statuses.map(\.state) == [.applied, .outOfOrder, .missing, .pending])
            #expect(statuses[0].milliseconds != nil)
            #expect(statuses[0].appliedAt?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
        }
    }

    @Test func `are verified, all problems at once`() async throws {
        try await TestDatabase.with { database in
            try await database.runner(tables(1, 3, 4, 5)).run(.up())
            var contents = tables(1, 2, 3)
            contents["0003_t3.sql"] = "-- migrate:up\nCREATE TABLE t3 (a int);"
            contents["0005_t5.sql"] = "-- migrate:up\n"
            let problems = try await database.runner(contents).verify().map(\.description)
            let beginnings = problems.map { String($0.prefix(28)) }
            #expect(
                beginnings == [
                    "0005_t5.sql:1: the part has ", "0002_t2.sql is not applied, ", "0003_t3.sql was changed afte",
                    "0004_t4.sql was applied at 2",
                ])
        }
    }

    @Test func `are known to be pending at the cost of one statement for each line`() async throws {
        try await TestDatabase.with { database in
            let pending = try PendingMigrations(among: [.domain(folder(tables(1, 2)))])
            let ask = { (statement: Statement) async throws(PostgresError) -> PostgresResult in
                try await database.connection.run(statement, access: .readOnly)
            }
            #expect(try await pending.find(ask) == ["0001", "0002"])
            try await database.runner(tables(1)).run(.up())
            #expect(try await pending.find(ask) == ["0002"])
            try await database.runner(tables(1, 2, 3)).run(.up())
            #expect(try await pending.find(ask) == [])
            try await database.execute("UPDATE larder_migrations SET state = 'started' WHERE version = 1")
            #expect(try await pending.find(ask) == ["0001"])
            // Another trouble is none of its answers.
            let error = await #expect(throws: PostgresError.self) {
                try await pending.find { _ throws(PostgresError) in
                    try await database.connection.run(Statement(.unprepared("SELECT 1 / 0")))
                }
            }
            #expect(error?.sqlState == "22012")
        }
    }
}

@Suite struct `The project's own migrations` {
    @Test func `go up, down and up again`() async throws {
        let folder = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/Migrations"
        try await TestDatabase.with { database in
            let migrations = try MigrationFolder(folder)
            let runner = MigrationRunner(migrations, database: try PostgresConfiguration(database.url), on: database.loop)
            let count = try await runner.run(.up()).steps.count
            #expect(count > 0)
            #expect(try await runner.run(.downTo(.none)).steps.count == count)
            #expect(try await database.tables() == ["larder_migrations"])
            #expect(try await runner.run(.up()).steps.count == count)
        }
    }
}
