public import EventLoop
public import Postgres

/// Brings a database's schema forwards and backwards: the domain's by the files of a folder, and, before that, the service's own tables
/// forwards.
///
/// It belongs to its loop. Each call makes a connection of its own and closes it. Nothing is printed: progress goes to
/// the observer, results and errors are values.
///
/// The database remembers what was applied in the tables `larder_migrations` and `larder_own_migrations`. Two runners wait for each
/// other.
public struct MigrationRunner {
    let folder: MigrationFolder
    private let domain: MigrationLine
    private let own: MigrationLine
    let database: PostgresConfiguration
    let limits: MigrationLimits
    let loop: Loop
    let observe: (MigrationEvent) -> Void
    let running = RunningCommand()

    /// - Parameters:
    ///   - own: the migrations of the service's own tables, as for ``MigrationLine/own(_:)``.
    ///   - database: its statement timeouts are not applied to migrations.
    public init(
        _ folder: MigrationFolder, own: MigrationLine = .own([]), database: PostgresConfiguration,
        limits: MigrationLimits = MigrationLimits(),
        on loop: Loop, observe: @escaping (MigrationEvent) -> Void = { _ in }
    ) {
        self.folder = folder
        self.own = own
        domain = .domain(folder)
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
                _ = try await session.table(of: domain)
                // Only now, because the runner that had the lock may have done it all.
                let first = try await ownPlan(command, session)
                try await session.perform(first, own)
                let plan = try MigrationPlanner(files: files, history: await session.history(of: domain)).plan(command)
                try await session.perform(plan, domain)
                outcome = .success(first.followed(by: plan))
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
        return try await withSession { session throws(MigrationError) in
            let plan = try MigrationPlanner(files: files, history: await session.history(of: domain)).plan(command)
            return try await ownPlan(command, session).followed(by: plan)
        }
    }

    /// What is done before a command for the service's own tables: they are brought forwards with the domain's, and never back.
    private func ownPlan(
        _ command: MigrationCommand, _ session: MigrationSession
    ) async throws(MigrationError) -> MigrationPlan {
        let retry: Bool
        switch command {
        case .up(_, _, let wanted): retry = wanted
        case .baseline: retry = false
        case .down, .downTo, .redo: return MigrationPlan([])
        }
        let planner = MigrationPlanner(files: own.folder.files, history: try await session.history(of: own))
        return try planner.plan(.up(to: nil, outOfOrder: false, retry: retry))
    }

    /// Each migration of which there is a file or which was applied, in the order of their numbers; before them those of the
    /// service's own tables that are pending.
    public func status() async throws(MigrationError) -> [MigrationStatus] {
        let files = try folder.valid()
        return try await withSession { session throws(MigrationError) in
            let own = MigrationPlanner(files: own.folder.files, history: try await session.history(of: own))
            let domain = MigrationPlanner(files: files, history: try await session.history(of: domain))
            return own.statuses.filter(\.isPending) + domain.statuses
        }
    }

    /// All that is wrong, with files that break a rule before what does not fit the database; empty if nothing is.
    public func verify() async throws(MigrationError) -> [MigrationProblem] {
        let problems = try await withSession { session throws(MigrationError) in
            let own = MigrationPlanner(files: own.folder.files, history: try await session.history(of: own))
            let domain = MigrationPlanner(
                files: folder.files, history: try await session.history(of: domain),
                unreadable: Set(folder.problems.compactMap(\.version)))
            return own.problems + domain.problems
        }
        return folder.problems.map { .invalidFile(description: $0.description) } + problems
    }

    private func withSession<Value>(
        _ body: (MigrationSession) async throws(MigrationError) -> Value
    ) async throws(MigrationError) -> Value {
        try await MigrationSession.with(database, running, limits: limits, on: loop, observe: observe, body)
    }
}
