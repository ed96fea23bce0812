internal import CacheCoordinator
internal import EventLoop
internal import Metrics
internal import Migrator
internal import Model
internal import Postgres
internal import PostgresStore

/// Rows in PostgreSQL, over one loop's pool of connections.
final class PostgresOperation: OperatedStore {
    let rows: any Store
    private let pool: PostgresPool
    private let loop: Loop
    /// For sentences about it.
    private let database: PostgresConfiguration
    private let connections: ConnectionPlan
    private let tables: TableCheck
    private let triggers: ChangeTriggers
    /// Nil if there are none to compare with.
    private let migrations: PendingMigrations?

    init(
        _ database: PostgresConfiguration, _ configuration: Configuration, _ memory: SharedMemory, on loop: Loop,
        _ observation: Observation
    ) {
        self.database = database
        self.loop = loop
        migrations = memory.migrations
        connections = ConnectionPlan(configuration)
        tables = TableCheck(configuration.declarations.schemas)
        triggers = ChangeTriggers(configuration.declarations.schemas)
        pool = PostgresPool(database, on: loop, limits: configuration.databasePool, shortage: memory.shortage) {
            observation.note($0)
        }
        rows = SQLStore(pool, configuration.declarations.schemas, views: configuration.views)
    }

    /// The migrations that the database is to have; nil if there is no database, or their folder cannot be read.
    static func migrations(of configuration: Configuration) -> PendingMigrations? {
        guard configuration.database != nil else { return nil }
        do throws(MigrationError) {
            return try PendingMigrations(
                among: [.own(OwnTables.migrations), .domain(try MigrationFolder(configuration.migrationsFolder))])
        } catch {
            configuration.log.warning("readiness does not know of migrations", ["error": "\(error)"])
            return nil
        }
    }

    var measured: (any Measured)? { pool.statistics }

    var obstacle: String? { pool.trouble?.obstacle }

    func mismatches(deadline: UInt64) async throws -> [String] {
        let run = reading(deadline)
        let pending = try await migrations?.find(run) ?? []
        guard pending.isEmpty else {
            return ["migrations are pending: \(pending.joined(separator: ", ")); run larder migrate up"]
        }
        return try await tables.problems(run).map {
            "\($0); no migration is pending that would change it: see larder migrate status, and write one (larder migrate create)"
        }
    }

    /// Rows of before a constraint, writes of others that nobody hears of, and connections that are too few.
    func doubts(deadline: UInt64) async throws -> [String] {
        let rows = try await tables.doubts(reading(deadline)) + triggers.doubts(reading(deadline))
        let shortage = connections.shortage(of: try await pool.connectionAllowance(deadline: deadline))
        return rows + [shortage].compactMap(\.self)
    }

    private func reading(_ deadline: UInt64) -> (Statement) async throws(PostgresError) -> PostgresResult {
        { [pool] statement async throws(PostgresError) in try await pool.run(statement, deadline: deadline, access: .readOnly) }
    }

    var failure: CommandFailure? {
        pool.trouble.map { CommandFailure("The database \(database) cannot be used: \($0).") }
    }

    func interrupt() async -> Bool {
        await pool.interrupt()
        return true
    }

    func close(within milliseconds: UInt64) async { await pool.close(within: milliseconds) }
}

extension Observation {
    func note(_ event: PostgresEvent) {
        switch event {
        case .connected(let number, let milliseconds):
            log.debug("connected to PostgreSQL", ["connection": "\(number)", "milliseconds": "\(milliseconds)"])
        case .connectFailed(let error, let pause, isFirst: true, connected: 0):
            log.error("PostgreSQL cannot be reached", ["error": "\(error)", "retry_ms": "\(pause ?? 0)"])
        case .connectFailed(let error, let pause, isFirst: true, let connected):
            log.warning(
                "PostgreSQL gives no further connection",
                ["error": "\(error)", "connected": "\(connected)", "retry_ms": "\(pause ?? 0)"])
        case .connectFailed(let error, let pause, isFirst: false, _):
            log.debug("PostgreSQL still cannot be reached", ["error": "\(error)", "retry_ms": "\(pause ?? 0)"])
        case .reachedAgain:
            log.info("PostgreSQL can be reached again")
        case .doesNotWrite(let error):
            log.error("PostgreSQL does not write", ["error": "\(error)"])
        case .disconnected(let number, let error?):
            limited.write(.warning, "the connection to PostgreSQL was lost", ["connection": "\(number)", "error": "\(error)"])
        case .disconnected(let number, nil):
            log.debug("a connection to PostgreSQL was closed", ["connection": "\(number)"])
        case .notice(let number, let severity, _, let message):
            log.debug("PostgreSQL says: \(message)", ["connection": "\(number)", "severity": severity])
        case .preparedAgain(let number, let sql):
            log.debug("a statement was prepared again", ["connection": "\(number)", "sql": sql])
        case .cancelled(let number):
            limited.write(.warning, "a statement took too long and was cancelled", ["connection": "\(number)"])
        case .statementFailed(let number, let sql, let error):
            log.debug("a statement failed", ["connection": "\(number)", "sql": sql, "error": "\(error)"])
        case .exhausted(let waiting):
            limited.write(.warning, "too many wait for PostgreSQL; requests are turned away", ["waiting": "\(waiting)"])
        case .rolledBack(let number):
            log.debug("a transaction was rolled back", ["connection": "\(number)"])
        }
    }
}
