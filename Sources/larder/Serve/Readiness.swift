internal import Domain
internal import EventLoop
internal import Migrator
internal import PostgresStore

/// Whether the service can serve: the store answers, and its tables are those of this version.
final class Readiness {
    private let backing: Backing
    private let loop: EventLoop
    private let connections: ConnectionPlan
    /// Nil if there are no migrations to compare with: rows in memory, or a folder that cannot be read.
    private let migrations: PendingMigrations?
    private let tables = TableCheck()
    /// How long the store has to answer, in milliseconds.
    private let patience: UInt64 = 2_000

    init(_ backing: Backing, _ configuration: Configuration, on loop: EventLoop) {
        self.backing = backing
        self.loop = loop
        connections = ConnectionPlan(workers: configuration.workers, poolSize: configuration.databasePoolSize)
        guard configuration.database != nil else {
            migrations = nil
            return
        }
        do throws(MigrationError) {
            migrations = PendingMigrations(among: try MigrationFolder(configuration.migrationsFolder).valid())
        } catch {
            configuration.log.warning("readiness does not know of migrations", ["error": "\(error)"])
            migrations = nil
        }
    }

    /// One sentence for each thing that is in the way.
    func obstacles() async -> [String] {
        let deadline = loop.now + patience
        do {
            try await backing.store.check(deadline: deadline)
            return try await mismatches(deadline: deadline)
        } catch {
            return ["the store cannot be reached"]
        }
    }

    /// What of the database is not as this version needs it. Asked each time, because migrations may be applied meanwhile.
    private func mismatches(deadline: UInt64) async throws -> [String] {
        guard let pool = backing.pool else { return [] }
        func run(_ statement: Statement) async throws(PostgresError) -> PostgresResult {
            try await pool.run(statement, deadline: deadline, access: .readOnly)
        }
        let pending = try await migrations?.find(run) ?? []
        guard pending.isEmpty else {
            return ["migrations are pending: \(pending.map(\.description).joined(separator: ", ")); run larder migrate up"]
        }
        return try await tables.problems(run).map {
            "\($0); no migration is pending that would change it: see larder migrate status, and write one (larder migrate create)"
        }
    }

    /// Tells the log once of what is not as it has to be, and of connections that are too few, as soon as the store answers.
    func warn(_ log: Log) async {
        while true {
            do {
                for sentence in try await mismatches(deadline: loop.now + patience) { log.warning(sentence) }
                if let pool = backing.pool {
                    let allowance = try await pool.connectionAllowance(deadline: loop.now + patience)
                    if let sentence = connections.shortage(of: allowance) { log.warning(sentence) }
                }
                return
            } catch {
                await loop.sleep(milliseconds: patience)
            }
        }
    }
}
