import Testing

@testable import Migrator
@testable import Postgres

@Suite struct `A database that had its tables before` {
    @Test func `is marked, and goes on from there`() async throws {
        try await TestDatabase.with { database in
            try await database.execute("CREATE TABLE t1 (); CREATE TABLE t2 ()")
            let runner = try database.runner(tables(1, 2, 3))
            #expect(try await runner.run(.baseline(2)).summary == ["0001 baseline", "0002 baseline"])
            #expect(try await database.applied() == ["1 t1 finished", "2 t2 finished"])
            #expect(try await runner.status().map(\.milliseconds) == [nil, nil, nil])
            #expect(try await runner.run(.up()).summary == ["0003 up"])
            #expect(try await runner.run(.baseline(3)).summary == [])
        }
    }

    @Test func `is refused where something else was applied`() async throws {
        try await TestDatabase.with { database in
            try await database.runner(tables(1)).run(.up())
            var contents = tables(1, 2)
            contents["0001_t1.sql"] = "-- migrate:up\nCREATE TABLE other ();"
            let error = await migrationError { try await database.runner(contents).run(.baseline(2)) }
            #expect(error?.kind == .refused)
            #expect(try await database.applied() == ["1 t1 finished"])
        }
    }
}

@Suite struct `Files that do not fit what was applied` {
    @Test func `stop an upgrade if one was edited`() async throws {
        try await TestDatabase.with { database in
            try await database.runner(tables(1)).run(.up())
            var contents = tables(1, 2)
            contents["0001_t1.sql"] = "-- migrate:up\nCREATE TABLE t1 (a int);"
            let error = await migrationError { try await database.runner(contents).run(.up()) }
            #expect(error?.description.hasPrefix("0001_t1.sql was changed after it was applied at ") == true)
            #expect(try await database.tables() == ["larder_migrations", "t1"])
        }
    }

    @Test func `stop an upgrade if one has a lower number, unless that is wanted`() async throws {
        try await TestDatabase.with { database in
            try await database.runner(tables(1, 3)).run(.up())
            let runner = try database.runner(tables(1, 2, 3, 4))
            let error = await migrationError { try await runner.run(.up()) }
            #expect(error?.description.hasPrefix("0002_t2.sql is not applied, but 0003_t3.sql") == true)
            #expect(error?.description.contains("rename it to 0005_t2.sql") == true)
            #expect(try await runner.run(.up(outOfOrder: true)).summary == ["0002 up", "0004 up"])
            #expect(try await runner.run(.up()).summary == [])
        }
    }

    @Test func `are warned of if one is missing`() async throws {
        try await TestDatabase.with { database in
            try await database.runner(tables(1, 2)).run(.up())
            try await database.runner(tables(2, 3)).run(.up())
            #expect(database.events.contains { $0.hasPrefix("0001_t1.sql was applied at ") })
            #expect(try await database.tables() == ["larder_migrations", "t1", "t2", "t3"])
        }
    }
}
