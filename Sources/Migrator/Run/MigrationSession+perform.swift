internal import EventLoop
internal import Postgres

extension MigrationSession {
    /// Carries a plan out. Steps that are done stay done when a later one fails.
    func perform(_ plan: MigrationPlan, _ line: MigrationLine) async throws(MigrationError) {
        for warning in plan.warnings { observe(.warning(warning)) }
        guard !plan.steps.isEmpty else { return }
        let table = try await table(of: line)
        for (index, step) in plan.steps.enumerated() {
            try running.checkInterruption()
            observe(.began(step, number: index + 1, of: plan.steps.count))
            let start = loop.now
            if let part = step.part {
                try await reset()
                if part.isTransactional {
                    try await performInTransaction(step, part, table)
                } else {
                    try await performAlone(step, part, table, line)
                }
            } else {
                _ = try await run(table.noteBaseline(step.file))
            }
            observe(.finished(step, milliseconds: loop.now - start))
        }
    }

    /// All of the file and the note of it, or nothing.
    private func performInTransaction(
        _ step: MigrationStep, _ part: MigrationFile.Part, _ table: MigrationTable
    ) async throws(MigrationError) {
        do throws(MigrationError) {
            _ = try await run("BEGIN")
            for statement in part.statements { try await run(statement, of: step) }
            try await reset()
            _ = try await run(step.action == .down ? table.forget(step.file) : table.noteApplied(step.file))
            try await commit(step)
        } catch {
            if connection.isInTransaction { _ = try? await run("ROLLBACK") }
            throw error
        }
    }

    /// Notes before that it begins and after that it has finished, so that an interruption shows.
    private func performAlone(
        _ step: MigrationStep, _ part: MigrationFile.Part, _ table: MigrationTable, _ line: MigrationLine
    ) async throws(MigrationError) {
        let isDown = step.action == .down
        _ = try await run(isDown ? table.noteReverting(step.file) : table.noteStarted(step.file))
        for statement in part.statements {
            if statement.isConcurrent { _ = try await run("SET lock_timeout = 0") }
            do throws(MigrationError) {
                try await run(statement, of: step)
            } catch {
                throw await withRemains(error, of: step, line)
            }
        }
        try await reset()
        _ = try await run(isDown ? table.forget(step.file) : table.noteFinished(step.file))
    }

    /// Runs one statement of a file.
    ///
    /// Each is sent on its own, so that any error has its line; and not as a script but in the extended protocol, in
    /// which the server itself refuses two statements in one.
    private func run(_ statement: MigrationFile.Statement, of step: MigrationStep) async throws(MigrationError) {
        try running.checkInterruption()
        do throws(PostgresError) {
            _ = try await connection.run(Statement(.unprepared(statement.sql)))
        } catch {
            throw MigrationError(error, at: statement, of: step, limits)
        }
    }

    /// Constraints that are deferred are checked here.
    private func commit(_ step: MigrationStep) async throws(MigrationError) {
        do throws(PostgresError) {
            _ = try await connection.run(Statement(.unprepared("COMMIT")))
        } catch {
            throw MigrationError(atCommit: error, of: step)
        }
    }

    /// Adds what a statement without a transaction left behind, and how to go on.
    private func withRemains(_ error: MigrationError, of step: MigrationStep, _ line: MigrationLine) async -> MigrationError {
        guard connection.isOpen, let history = try? await history(of: line) else { return error }
        let planner = MigrationPlanner(files: [step.file], history: history)
        let problems = planner.problems.filter { problem in
            if case .interrupted(let row, _) = problem { row.version == step.file.version } else { false }
        }
        return MigrationError(error.kind, error.sentences + problems.map(\.description), sqlState: error.sqlState)
    }
}
