internal import EventLoop
internal import Postgres

/// A connection on which migrations run.
final class MigrationSession {
    let connection: PostgresConnection
    let running: RunningCommand
    let limits: MigrationLimits
    let observe: (MigrationEvent) -> Void

    var loop: Loop { connection.loop }

    init(
        _ connection: PostgresConnection, _ running: RunningCommand, limits: MigrationLimits,
        observe: @escaping (MigrationEvent) -> Void
    ) {
        self.connection = connection
        self.running = running
        self.limits = limits
        self.observe = observe
    }

    /// Connects, for as long as `body` takes.
    static func with<Value>(
        _ configuration: PostgresConfiguration, _ running: RunningCommand, limits: MigrationLimits, on loop: Loop,
        observe: @escaping (MigrationEvent) -> Void,
        _ body: (MigrationSession) async throws(MigrationError) -> Value
    ) async throws(MigrationError) -> Value {
        var configuration = configuration
        configuration.applicationName += " migrate"
        let connection: PostgresConnection
        do throws(PostgresError) {
            connection = try await PostgresConnection.connect(configuration, on: loop) { event in
                guard case .notice(_, let severity, _, let message) = event else { return }
                observe(.notice(severity: severity, message: message))
            }
        } catch  where error.kind == .invalidConfiguration {
            throw MigrationError(.database, "\(configuration) cannot be used: \(error.message)")
        } catch {
            throw MigrationError(
                .database,
                "\(configuration) cannot be reached: \(error.message); check DATABASE_URL, or let `larder migrate wait` wait for it",
                sqlState: error.sqlState)
        }
        running.connection = connection
        defer {
            running.connection = nil
            connection.close()
        }
        let session = MigrationSession(connection, running, limits: limits, observe: observe)
        try await session.reset()
        return try await body(session)
    }

    /// Brings back the session's own settings: a migration may have changed any of them.
    ///
    /// No timeout ends a migration, not even one that the connection string or the role brings along. Which timeouts
    /// there are depends on the server's version.
    func reset() async throws(MigrationError) {
        let statements = ["RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL"] + PostgresConfiguration.formats
        let timeouts = Statement(
            .unprepared(
                """
                SELECT set_config(name, CASE name WHEN 'lock_timeout' THEN $1 ELSE '0' END, false) FROM pg_settings
                WHERE name IN ('lock_timeout', 'statement_timeout', 'transaction_timeout',
                    'idle_in_transaction_session_timeout', 'idle_session_timeout')
                """), ["\(limits.lockTimeout)"])
        _ = try await run(statements.map { Statement(.unprepared($0)) } + [timeouts])
    }

    /// Runs statements of the migrator's own.
    func run(_ statements: [Statement]) async throws(MigrationError) -> [PostgresResult] {
        do throws(PostgresError) {
            return try await connection.run(statements)
        } catch {
            throw MigrationError(.database, "\(error)", sqlState: error.sqlState)
        }
    }

    func run(_ statement: Statement) async throws(MigrationError) -> PostgresResult {
        try await run([statement])[0]
    }

    func run(_ sql: String) async throws(MigrationError) -> PostgresResult {
        try await run(Statement(.unprepared(sql)))
    }
}
