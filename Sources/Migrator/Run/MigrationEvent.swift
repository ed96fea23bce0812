public import Postgres

/// What happens while a command runs. Whoever observes decides what of it to show.
public enum MigrationEvent: Sendable, CustomStringConvertible {
    /// The database does not accept connections yet, for this reason. Said again when the reason changes.
    case waitingForDatabase(PostgresError)
    /// Another runner works; `process` is its server process, where it can be told. Said again when that changes.
    case waitingForRunner(process: Int64?)
    /// Something is wrong that is no reason to stop.
    case warning(MigrationProblem)
    /// A step begins; steps are numbered from 1.
    case began(MigrationStep, number: Int, of: Int)
    case finished(MigrationStep, milliseconds: UInt64)
    /// What the server said while a step ran: `RAISE NOTICE`, "relation exists, skipping".
    case notice(severity: String, message: String)

    /// One line.
    public var description: String {
        switch self {
        case .waitingForDatabase(let error): "waiting for the database: \(error.message)"
        case .waitingForRunner(let process):
            "another migration is running" + (process.map { " (pid \($0))" } ?? "") + "; waiting until it has ended"
        case .warning(let problem): problem.description
        case .began(let step, let number, let count): "\(number)/\(count) \(step.file.fileName) \(step.action.rawValue)"
        case .finished(let step, let milliseconds):
            "\(step.file.fileName) \(step.action.rawValue) finished in \(milliseconds) ms"
        case .notice(let severity, let message): "\(severity): \(message)"
        }
    }
}
