internal import EventLoop
internal import Migrator
internal import Model
internal import Postgres
internal import PostgresStore

/// Whether a worker can serve: its store answers and takes writes, and the tables are those of this version.
final class Readiness {
    private let backing: Backing
    private let loop: EventLoop
    private let connections: ConnectionPlan
    /// Nil if there are no migrations to compare with: rows in memory, or a folder that cannot be read.
    private let migrations: PendingMigrations?
    private let tables: TableCheck
    /// How long the store has to answer, in milliseconds.
    private let patience: UInt64 = 2_000

    /// - Parameters:
    ///   - migrations: those that the database is to have; nil if they are not known.
    ///   - connections: how many the process takes of it.
    init(
        _ backing: Backing, _ declarations: Declarations, _ migrations: PendingMigrations?, _ connections: ConnectionPlan,
        on loop: EventLoop
    ) {
        self.backing = backing
        tables = TableCheck(declarations.schemas)
        self.migrations = migrations
        self.loop = loop
        self.connections = connections
    }

    /// The migrations to compare the database with.
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

    /// One sentence for each thing that is in the way.
    func obstacles() async -> [String] {
        let deadline = loop.now + patience
        do {
            try await backing.store.check(deadline: deadline)
            return try await mismatches(deadline: deadline)
        } catch {
            return [backing.pool?.trouble?.obstacle ?? "the store cannot be reached"]
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
            return ["migrations are pending: \(pending.joined(separator: ", ")); run larder migrate up"]
        }
        return try await tables.problems(run).map {
            "\($0); no migration is pending that would change it: see larder migrate status, and write one (larder migrate create)"
        }
    }

    /// Tells the log once of what is not as it has to be, of rows that may not be, and of connections that are too few, as soon as
    /// the store answers.
    func warn(_ log: Log) async {
        while true {
            do {
                for sentence in try await mismatches(deadline: loop.now + patience) { log.warning(sentence) }
                if let pool = backing.pool {
                    let doubts = try await tables.doubts { statement throws(PostgresError) in
                        try await pool.run(statement, deadline: loop.now + patience, access: .readOnly)
                    }
                    for sentence in doubts { log.warning(sentence) }
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

extension Readiness {
    /// What is in the way of each worker, who are asked at the same time: each has connections of its own, or has none.
    ///
    /// - Parameter silent: the indices of those who do not answer.
    static func obstacles(of workers: [Worker], silent: [Int], on loop: EventLoop) async -> [String] {
        var found = [[String]](repeating: ["the worker does not answer"], count: workers.count)
        let asked = workers.indices.filter { !silent.contains($0) }
        guard !asked.isEmpty else { return summary(found) }
        var rest = asked.count
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            for index in asked {
                loop.spawn {
                    found[index] = await workers[index].obstacles()
                    rest -= 1
                    if rest == 0 { continuation.resume() }
                }
            }
        }
        return summary(found)
    }

    /// What all workers say is said once, and what some of them say with their numbers.
    static func summary(_ found: [[String]]) -> [String] {
        var sentences: [String] = []
        for sentence in found.joined() where !sentences.contains(sentence) { sentences.append(sentence) }
        return sentences.map { sentence in
            let those = found.indices.filter { found[$0].contains(sentence) }
            guard those.count < found.count else { return sentence }
            let numbers = those.map { "\($0 + 1)" }.joined(separator: ", ")
            return "worker\(those.count == 1 ? "" : "s") \(numbers) of \(found.count): \(sentence)"
        }
    }
}
