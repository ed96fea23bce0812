import EventLoop
import LarderTesting
import Testing

@testable import Migrator
@testable import Postgres

/// A new database in a real PostgreSQL, for one test.
///
/// A schema would not do: runners for two schemas of one database wait for each other.
final class TestDatabase {
    let loop: Loop
    let url: String
    /// Beside the runners.
    let connection: PostgresConnection
    /// What the runners of this test said.
    private(set) var events: [String] = []

    private init(_ loop: Loop, _ url: String) async throws {
        self.loop = loop
        self.url = url
        connection = try await PostgresConnection.connect(PostgresConfiguration(url), on: loop)
    }

    /// Runs `body` on a loop of its own, with a database that is dropped afterwards.
    static func with<Value: Sendable>(
        _ body: @escaping @Sendable (TestDatabase) async throws -> Value
    ) async throws -> Value {
        try await onLoop { loop in
            try await withDatabase(on: loop) { url in
                let database = try await TestDatabase(loop, url)
                defer { database.connection.close() }
                return try await body(database)
            }
        }
    }

    /// A runner for files by name, whose events are gathered.
    func runner(
        _ contents: [String: String], own: MigrationLine = .own([]), limits: MigrationLimits = .quick, url: String? = nil,
        on loop: Loop? = nil
    ) throws -> MigrationRunner {
        MigrationRunner(
            folder(contents), own: own, database: try PostgresConfiguration(url ?? self.url), limits: limits,
            on: loop ?? self.loop
        ) { event in
            self.events.append("\(event)")
        }
    }

    /// Runs `body` while another session has `statements` in an open transaction, which is committed then.
    func during<Value>(_ statements: String, _ body: () async throws -> Value) async throws -> Value {
        let other = try await PostgresConnection.connect(PostgresConfiguration(url), on: loop)
        defer { other.close() }
        // However slow the machine is: the server may not end the session before `body` is through.
        try await other.simpleQuery("SET idle_in_transaction_session_timeout = 0; BEGIN; \(statements)")
        let value = try await body()
        try await other.simpleQuery("COMMIT")
        return value
    }

    /// The rows of a query, a row's values divided by spaces, NULL as `-`.
    func rows(_ sql: String) async throws -> [String] {
        let result = try await connection.run(Statement(.unprepared(sql)))
        return (0..<result.rows).map { row in
            (0..<result.columns).map { result.string(row, $0) ?? "-" }.joined(separator: " ")
        }
    }

    /// Waits until a query has rows. If it has none within two minutes, in which many tests share one server, the test fails
    /// instead of waiting on.
    func waitForRows(_ sql: String) async throws {
        let deadline = loop.now + 120_000
        while try await rows(sql).isEmpty {
            try #require(loop.now < deadline, "\(sql) has no rows")
            await loop.sleep(milliseconds: 10)
        }
    }

    func execute(_ script: String) async throws { try await connection.simpleQuery(script) }

    /// The tables of the schema `public`, sorted.
    func tables() async throws -> [String] {
        try await rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    }

    /// What the migrator remembers.
    func applied() async throws -> [String] {
        try await rows("SELECT version, name, state FROM larder_migrations ORDER BY 1")
    }
}

extension MigrationLimits {
    /// For tests, which do not wait for long.
    static var quick: MigrationLimits {
        var limits = MigrationLimits()
        limits.lockTimeout = 300
        limits.runnerTimeout = 20_000
        limits.pollInterval = 20
        return limits
    }
}
