internal import Bytes

/// A row of the table that remembers what was applied.
public struct AppliedMigration: Hashable, Sendable {
    /// How far a migration came.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Its up part without a transaction was begun.
        case started
        /// It is applied as a whole.
        case finished
        /// Its down part without a transaction was begun.
        case reverting
    }

    /// The number that its file had.
    public let version: MigrationVersion
    /// What its file's name said behind the number.
    public let name: String
    /// Of the up part that ran; see ``MigrationFile/checksum``. 64 hexadecimal digits.
    public let checksum: String
    /// How far it came.
    public let state: State
    /// When it was applied, or begun: RFC 3339, UTC, in seconds.
    public let appliedAt: String
    /// How long it took; nil if it has not finished or was only marked as applied.
    public let milliseconds: Int64?

    /// The name of its file.
    public var fileName: String { "\(version)_\(name).sql" }

    func isOf(_ file: MigrationFile) -> Bool { checksum == file.checksum.description }
}

/// An index that a build without a transaction left unfinished. It is kept up to date, and no query uses it.
struct InvalidIndex: Hashable, Sendable {
    /// As SQL names them, quoted and qualified where needed.
    let index: String
    let table: String
}

/// What the database tells of the migrations.
struct MigrationHistory: Hashable, Sendable {
    /// In the order of their numbers.
    var applied: [AppliedMigration] = []
    /// Looked for only if something was begun and has not finished.
    var invalidIndexes: [InvalidIndex] = []
    /// The process of the server that works for another runner, if there is one.
    var otherRunner: Int64?
}
