public import EventLoop
public import Postgres

/// Runs `body` with the name of a new schema in the shared PostgreSQL, which is dropped afterwards.
///
/// A few tests at a time have one; the others wait for their turn, so a test must not ask for two at once.
///
/// - Throws: ``TestServers/Missing`` if the environment names no server; what `body` throws.
public func withSchema<Value>(on loop: Loop, _ body: (TestSchema) async throws -> Value) async throws -> Value {
    try await withTurn(on: loop) { administrator in
        let schema = try TestSchema()
        try await administrator.simpleQuery("CREATE SCHEMA \(schema.name)")
        return try await finally({ try await body(schema) }) {
            try await administrator.simpleQuery("DROP SCHEMA \(schema.name) CASCADE")
        }
    }
}

/// Runs `body` with the URL of a new database in the shared PostgreSQL, which is dropped afterwards. It takes longer than a schema,
/// and is for what locks a whole database, as the migrator does.
///
/// A few tests at a time have one; the others wait for their turn, so a test must not ask for two at once.
///
/// - Throws: ``TestServers/Missing`` if the environment names no server; what `body` throws.
public func withDatabase<Value>(on loop: Loop, _ body: (_ url: String) async throws -> Value) async throws -> Value {
    try await withTurn(on: loop) { administrator in
        let (server, name) = (try TestServers.postgres(), TestServers.uniqueName())
        try await administrator.simpleQuery("CREATE DATABASE \(name) TEMPLATE template0")
        return try await finally({ try await body(try url(server, database: name)) }) {
            try await administrator.simpleQuery("DROP DATABASE \(name) WITH (FORCE)")
        }
    }
}

/// A schema of the shared PostgreSQL that one test has for itself.
public struct TestSchema: Sendable {
    private let url: String
    /// Its name, which needs no quotes.
    public let name: String

    /// The name of one that is not there yet.
    init() throws {
        url = try TestServers.postgres()
        name = TestServers.uniqueName()
    }

    /// How to connect so that names without a schema are of this one.
    ///
    /// - Parameter options: more options of the session, as in `-cenable_seqscan=off`.
    public func configuration(options: [String] = []) throws -> PostgresConfiguration {
        let options = (["-csearch_path=\(name)"] + options).map { $0.replacing("=", with: "%3D") }.joined(separator: "%20")
        return try PostgresConfiguration("\(url)\(url.contains("?") ? "&" : "?")options=\(options)")
    }
}

/// Runs `body` with a connection to the shared PostgreSQL, when it is its turn.
func withTurn<Value>(
    on loop: Loop, _ body: (_ administrator: PostgresConnection) async throws -> Value
) async throws -> Value {
    let url = try TestServers.postgres()
    await Turns.shared.enter()
    defer { Task { await Turns.shared.leave() } }
    let administrator = try await PostgresConnection.connect(PostgresConfiguration(url), on: loop)
    defer { administrator.close() }
    return try await body(administrator)
}

/// `postgresql://user@host/database?options` with another database.
private func url(_ url: String, database: String) throws -> String {
    let parts = url.split(separator: "?", maxSplits: 1)
    guard let scheme = parts.first?.firstRange(of: "://") else {
        throw TestServers.Missing(description: "LARDER_TEST_DATABASE_URL has to be a URI, as in postgresql://user@host/database")
    }
    let end = parts[0][scheme.upperBound...].firstIndex(of: "/") ?? parts[0].endIndex
    return "\(parts[0][..<end])/\(database)" + (parts.count > 1 ? "?\(parts[1])" : "")
}

/// Runs `body`, then `cleanUp`, whatever came of it.
func finally<Value>(_ body: () async throws -> Value, _ cleanUp: () async throws -> Void) async throws -> Value {
    let outcome: Result<Value, any Error>
    do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
    try await cleanUp()
    return try outcome.get()
}
