import Postgres
import PostgresStore
import Testing

@testable import Migrator

@Suite struct `The migrations of the service's own tables` {
    private let own = MigrationLine.own([
        (name: "0001_notes.sql", sql: "-- migrate:up\nCREATE TABLE notes ()"),
        (name: "0002_marks.sql", sql: "-- migrate:up\nCREATE TABLE marks ()"),
    ])

    @Test func `are applied before the domain's, by the same command, and in a line of their own`() async throws {
        try await TestDatabase.with { database in
            let runner = try database.runner(tables(1), own: own)
            let plan = try await runner.run(.up())
            #expect(plan.steps.map(\.file.fileName) == ["larder/0001_notes.sql", "larder/0002_marks.sql", "0001_t1.sql"])
            #expect(
                try await database.tables() == ["larder_migrations", "larder_own_migrations", "marks", "notes", "t1"])
            #expect(try await database.applied() == ["1 t1 finished"])
            #expect(try await runner.run(.up()).steps.isEmpty)
        }
    }

    @Test func `go on where a new version of the service brings more of them`() async throws {
        try await TestDatabase.with { database in
            let former = MigrationLine.own([(name: "0001_notes.sql", sql: "-- migrate:up\nCREATE TABLE notes ()")])
            try await database.runner(tables(1), own: former).run(.up())
            let runner = try database.runner(tables(1, 2), own: own)
            #expect(try await runner.plan(.up(to: 1)).steps.map(\.file.fileName) == ["larder/0002_marks.sql"])
            #expect(
                try await runner.run(.up()).steps.map(\.file.fileName) == ["larder/0002_marks.sql", "0002_t2.sql"])
        }
    }

    @Test func `are left alone by the ways back`() async throws {
        try await TestDatabase.with { database in
            let runner = try database.runner(tables(1), own: own)
            try await runner.run(.up())
            #expect(try await runner.run(.downTo(.none)).steps.map(\.file.fileName) == ["0001_t1.sql"])
            #expect(try await database.tables().contains("marks"))
        }
    }

    @Test func `are applied with a baseline, for a database that has the domain's tables already`() async throws {
        try await TestDatabase.with { database in
            let runner = try database.runner(tables(1), own: own)
            #expect(try await runner.run(.baseline(1)).summary == ["0001 up", "0002 up", "0001 baseline"])
            #expect(try await database.tables() == ["larder_migrations", "larder_own_migrations", "marks", "notes"])
        }
    }

    @Test func `are told of only while they are pending`() async throws {
        try await TestDatabase.with { database in
            let runner = try database.runner(tables(1), own: own)
            #expect(
                try await runner.status().map(\.fileName) == ["larder/0001_notes.sql", "larder/0002_marks.sql", "0001_t1.sql"])
            let pending = try PendingMigrations(among: [own, .domain(folder(tables(1)))])
            let ask = { (statement: Statement) async throws(PostgresError) -> PostgresResult in
                try await database.connection.run(statement, access: .readOnly)
            }
            #expect(try await pending.find(ask) == ["larder/0001", "larder/0002", "0001"])
            try await runner.run(.up())
            #expect(try await runner.status().map(\.fileName) == ["0001_t1.sql"])
            #expect(try await pending.find(ask) == [])
        }
    }

    @Test func `are verified too`() async throws {
        try await TestDatabase.with { database in
            try await database.runner(tables(1), own: own).run(.up())
            let edited = MigrationLine.own([
                (name: "0001_notes.sql", sql: "-- migrate:up\nCREATE TABLE notes (id bigint)"),
                (name: "0002_marks.sql", sql: "-- migrate:up\nCREATE TABLE marks ()"),
            ])
            let problems = try await database.runner(tables(1), own: edited).verify()
            #expect(problems.count == 1 && problems[0].description.hasPrefix("larder/0001_notes.sql was changed"))
        }
    }

    @Test func `take over the tables that earlier versions had among the domain's migrations`() async throws {
        try await TestDatabase.with { database in
            let former = [
                "0001_t1.sql": "-- migrate:up\nCREATE TABLE t1 ()",
                "0002_cache_keyspaces.sql":
                    "-- migrate:up\nCREATE TABLE cache_keyspaces (name text PRIMARY KEY, first_seen timestamptz)",
            ]
            try await database.runner(former).run(.up())
            let runner = try database.runner(["0001_t1.sql": former["0001_t1.sql"]!], own: .own(OwnTables.migrations))
            #expect(
                try await runner.run(.up()).steps.map(\.file.fileName) == [
                    "larder/0001_service_tables.sql", "larder/0002_cache.sql",
                ])
            #expect(try await runner.verify() == [])
            #expect(try await database.applied() == ["1 t1 finished"])
        }
    }
}
