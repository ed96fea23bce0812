public import EventLoop
public import PostgresStore

/// Brings a database's schema forwards and backwards by the files of a folder.
///
/// It belongs to its loop. Each call makes a connection of its own and closes it. Nothing is printed: progress goes to
/// the observer, results and errors are values.
///
/// The database remembers what was applied in the table `larder_migrations`. Two runners wait for each other.
public struct MigrationRunner {
    let folder: MigrationFolder
    let database: PostgresConfiguration
    let limits: MigrationLimits
    let loop: EventLoop
    let observe: (MigrationEvent) -> Void
    let running = RunningCommand()

    /// - Parameter database: its statement timeouts are not applied to migrations.
    public init(
        _ folder: MigrationFolder, database: PostgresConfiguration, limits: MigrationLimits = MigrationLimits(),
        on loop: EventLoop, observe: @escaping (MigrationEvent) -> Void = { _ in }
    ) {
        self.folder = folder
        self.limits = limits
        self.loop = loop
        self.observe = observe
        var database = database
        database.readTimeout = 0
        database.writeTimeout = 0
        self.database = database
    }

    /// Carries `command` out.
    ///
    /// - Returns: what was done.
    /// - Throws: at the first step that fails; the steps before it stay done.
    @discardableResult
    public func run(_ command: MigrationCommand) async throws(MigrationError) -> MigrationPlan {
        let files = try folder.valid()
        return try await withSession { session throws(MigrationError) in
            try await session.lock()
            let outcome: Result<MigrationPlan, MigrationError>
            do throws(MigrationError) {
                let table = try await session.table()
                // Only now, because the runner that had the lock may have done it all.
                let plan = try MigrationPlanner(files: files, history: await session.history()).plan(command)
                try await session.perform(plan, table)
                outcome = .success(plan)
            } catch {
                outcome = .failure(error)
            }
            await session.unlock()
            return try outcome.get()
        }
    }

    /// What `command` would do at this moment, for `--dry-run`. It changes nothing and waits for nobody.
    public func plan(_ command: MigrationCommand) async throws(MigrationError) -> MigrationPlan {
        let files = try folder.valid()
        return try MigrationPlanner(files: files, history: await history()).plan(command)
    }

    /// Each migration of which there is a file or which was applied, in the order of their numbers.
    public func status() async throws(MigrationError) -> [MigrationStatus] {
        let files = try folder.valid()
        return MigrationPlanner(files: files, history: try await history()).statuses
    }

    /// All that is wrong, with files that break a rule before what does not fit the database; empty if nothing is.
    public func verify() async throws(MigrationError) -> [MigrationProblem] {
        let planner = MigrationPlanner(
            files: folder.files, history: try await history(), unreadable: Set(folder.problems.compactMap(\.version)))
        return folder.problems.map { .invalidFile(description: $0.description) } + planner.problems
    }

    private func history() async throws(MigrationError) -> MigrationHistory {
        try await withSession { session throws(MigrationError) in try await session.history() }
    }

    private func withSession<Value>(
        _ body: (MigrationSession) async throws(MigrationError) -> Value
    ) async throws(MigrationError) -> Value {
        try await MigrationSession.with(database, running, limits: limits, on: loop, observe: observe, body)
    }
}
