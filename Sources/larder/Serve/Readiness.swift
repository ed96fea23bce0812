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
            return try await pendingMigrations(deadline: deadline).map { [$0] } ?? []
        } catch {
            return ["the store cannot be reached"]
        }
    }

    /// A sentence that names them; nil if there are none.
    private func pendingMigrations(deadline: UInt64) async throws -> String? {
        guard let migrations, let pool = backing.pool else { return nil }
        let pending = try await migrations.find { statement throws(PostgresError) in
            try await pool.run(statement, deadline: deadline, access: .readOnly)
        }
        guard !pending.isEmpty else { return nil }
        return "migrations are pending: \(pending.map(\.description).joined(separator: ", ")); run larder migrate up"
    }

    /// Tells the log once of migrations that are pending, and of connections that are too few, as soon as the store answers.
    func warn(_ log: Log) async {
        while true {
            do {
                if let sentence = try await pendingMigrations(deadline: loop.now + patience) { log.warning(sentence) }
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
