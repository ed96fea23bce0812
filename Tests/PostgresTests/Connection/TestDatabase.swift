import EventLoop
import LarderTesting
import Testing

@testable import Postgres

/// The real PostgreSQL that these tests run on, and loops to run them on.
enum TestDatabase {
    static func configuration() throws -> PostgresConfiguration { try PostgresConfiguration(TestServers.postgres()) }

    /// Runs `body` with a connection, which is closed afterwards.
    static func withConnection<Value: Sendable>(
        _ adjust: @escaping @Sendable (inout PostgresConfiguration) -> Void = { _ in },
        observe: @escaping @Sendable (PostgresEvent) -> Void = { _ in },
        _ body: @escaping @Sendable (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try await onLoop { loop in
            var configuration = try configuration()
            adjust(&configuration)
            let connection = try await PostgresConnection.connect(configuration, on: loop, observe: observe)
            defer { connection.close() }
            return try await body(connection)
        }
    }

    /// Runs `body` with a connection and the name of a new schema, which is dropped afterwards.
    static func withSchema<Value: Sendable>(
        _ body: @escaping @Sendable (PostgresConnection, String) async throws -> Value
    ) async throws -> Value {
        try await onLoop { loop in
            try await LarderTesting.withSchema(on: loop) { schema in
                let connection = try await PostgresConnection.connect(configuration(), on: loop)
                defer { connection.close() }
                return try await body(connection, schema.name)
            }
        }
    }

    /// Ends the session that `connection` has in the server, as an administrator would.
    static func terminate(_ process: Int32, on loop: Loop) async throws {
        let administrator = try await PostgresConnection.connect(configuration(), on: loop)
        let terminate = Statement("SELECT pg_terminate_backend($1::int, 5000)", [String(process)])
        _ = try await administrator.run(terminate)
        administrator.close()
    }
}

/// Runs `body` on a loop of its own, with a PostgreSQL that it may stop and start.
func withServer(_ body: @escaping @Sendable (Loop, PrivatePostgres) async throws -> Void) async throws {
    try await onLoop { loop in try await PrivatePostgres.run(on: loop) { try await body(loop, $0) } }
}

/// What a test gathers on its loop.
final class Box<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
}

extension PostgresResult {
    /// All values, NULL as nil.
    var texts: [[String?]] { (0..<rows).map { row in (0..<columns).map { string(row, $0) } } }
}

/// The error that `body` throws, which has to be a ``PostgresError``.
func postgresError<Value>(_ body: () async throws -> Value) async -> PostgresError? {
    do {
        _ = try await body()
        return nil
    } catch let error as PostgresError {
        return error
    } catch {
        Issue.record("another error: \(error)")
        return nil
    }
}
