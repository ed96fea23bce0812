public import Postgres

/// Why a command of the migrator was not carried out, or not to its end.
///
/// Its sentences are for the operator: each says what is wrong, where, and what to do about it.
public struct MigrationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is, for the exit status and for tests.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        private enum Code: Hashable, Sendable {
            case usage, files, refused, statementFailed, busy, database, interrupted
        }
        private let code: Code

        /// What was asked for makes no sense: a version that does not exist, a name that cannot be one, a folder that
        /// is not there.
        public static let usage = Kind(code: .usage)
        /// A migration file breaks the rules. ``MigrationError/sentences`` has all that do.
        public static let files = Kind(code: .files)
        /// The files and what was applied do not fit together. ``MigrationError/sentences`` has all reasons.
        public static let refused = Kind(code: .refused)
        /// PostgreSQL refused a statement of a migration file.
        public static let statementFailed = Kind(code: .statementFailed)
        /// Another runner did not end in time.
        public static let busy = Kind(code: .busy)
        /// PostgreSQL cannot be reached, went away, or refused a statement of the migrator itself.
        public static let database = Kind(code: .database)

        /// The operator did not want to go on.
        public static let interrupted = Kind(code: .interrupted)

        public var description: String { "\(code)" }
    }

    public let kind: Kind
    /// At least one. Several where several things are wrong at once.
    public let sentences: [String]
    /// PostgreSQL's code, where it was PostgreSQL that refused.
    public let sqlState: SQLState?

    init(_ kind: Kind, _ sentences: [String], sqlState: SQLState? = nil) {
        precondition(!sentences.isEmpty, "an error has to say what is wrong")
        self.kind = kind
        self.sentences = sentences
        self.sqlState = sqlState
    }

    init(_ kind: Kind, _ sentence: String, sqlState: SQLState? = nil) {
        self.init(kind, [sentence], sqlState: sqlState)
    }

    /// One sentence a line.
    public var description: String { sentences.joined(separator: "\n") }
}
