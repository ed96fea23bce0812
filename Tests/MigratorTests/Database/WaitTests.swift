import EventLoop
import LarderTesting
import Testing

@testable import Migrator
@testable import Postgres

@Suite struct `Waiting for the database` {
    private func runner(
        _ url: String, on loop: Loop, observe: @escaping (MigrationEvent) -> Void = { _ in }
    ) throws
        -> MigrationRunner
    {
        MigrationRunner(folder([:]), database: try PostgresConfiguration(url), limits: .quick, on: loop, observe: observe)
    }

    @Test func `ends at once when it is there`() async throws {
        try await TestDatabase.with { database in
            let start = database.loop.now
            try await database.runner([:]).waitForDatabase(timeout: 5_000)
            #expect(database.loop.now - start < 2_000)
            #expect(database.events == [])
        }
    }

    @Test func `ends with a reason when the time is over`() async throws {
        try await onLoop { loop in
            var events: [String] = []
            let runner = try runner("host=/nowhere user=a dbname=b", on: loop) { events.append("\($0)") }
            let start = loop.now
            let error = await migrationError { try await runner.waitForDatabase(timeout: 200) }
            #expect(loop.now - start < 2_000)
            #expect(error?.kind == .database)
            let text = error?.description ?? ""
            #expect(text.hasPrefix("postgresql://a@/nowhere/b did not accept connections within 200 ms: "), "\(text)")
            #expect(text.hasSuffix("; see that it runs, and check DATABASE_URL"), "\(text)")
            // Once, however often it was tried.
            #expect(events.count == 1)
            #expect(events.first?.hasPrefix("waiting for the database: ") == true)
        }
    }

    @Test func `ends when the database is made`() async throws {
        try await TestDatabase.with { database in
            let name = "late_\(UInt64.random(in: 0 ... .max))"
            let url = database.url.replacing(/\/test_\d+/, with: "/\(name)")
            var events: [String] = []
            let runner = try runner(url, on: database.loop) { event in
                events.append("\(event)")
                database.loop.spawn { try? await database.execute("CREATE DATABASE \(name) TEMPLATE template0") }
            }
            try await runner.waitForDatabase(timeout: 20_000)
            #expect(events.count == 1)
            try await database.execute("DROP DATABASE \(name) WITH (FORCE)")
        }
    }

    @Test func `is not needed to say that it is away`() async throws {
        try await onLoop { loop in
            let error = await migrationError { try await runner("host=/nowhere user=a dbname=b", on: loop).status() }
            #expect(error?.kind == .database)
            let text = error?.description ?? ""
            #expect(text.hasPrefix("postgresql://a@/nowhere/b cannot be reached: "), "\(text)")
            #expect(text.hasSuffix("; check DATABASE_URL, or let `larder migrate wait` wait for it"), "\(text)")
        }
    }
}
