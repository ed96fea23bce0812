public import Bytes

/// A migration as its file has it: `NNNN_name.sql`, with a part that applies it and mostly one that takes it back.
///
/// ```sql
/// -- Whatever stands before the first marker is a comment.
///
/// -- migrate:up
/// CREATE TABLE categories (id bigint PRIMARY KEY);
///
/// -- migrate:down
/// DROP TABLE categories;
/// ```
///
/// A part runs in one transaction, unless its marker says `-- migrate:up transaction:false`, as it must for
/// `CREATE INDEX CONCURRENTLY`. Such a part has exactly one statement: if it is interrupted, there is no doubt which
/// one it was.
public struct MigrationFile: Hashable, Sendable {
    /// The number that its file's name begins with.
    public let version: MigrationVersion
    /// What the file's name says behind the number.
    public let name: String
    /// What applies it.
    public let up: Part
    /// nil where there is no way back.
    public let down: Part?
    /// Of the up part, which is what ran: without the space around it and without carriage returns, so that another
    /// editor or checkout makes no difference.
    ///
    /// The comment above and the down part are not covered. They change nothing of what was applied, and a down part
    /// that turns out to be wrong has to be mended.
    public let checksum: SHA256

    /// Where it is from: empty for the domain's, `larder/` for the service's own.
    let origin: String

    /// The name of its file, behind its origin.
    public var fileName: String { "\(origin)\(version)_\(name).sql" }

    /// How it is called in short: its number, or its origin and number.
    var title: String { "\(origin)\(version)" }

    /// What stands behind one marker.
    public struct Part: Hashable, Sendable {
        /// The text, without the space around it.
        public let sql: String
        /// Whether it runs in a transaction together with the note that it ran.
        public let isTransactional: Bool
        /// In the file's order; exactly one where ``isTransactional`` is false.
        public let statements: [Statement]
    }

    /// One statement of a part.
    public struct Statement: Hashable, Sendable {
        /// From its first word to its end, without the semicolon.
        public let sql: String
        /// The line of the file on which it begins, from 1.
        public let line: Int
        /// Whether it says `CONCURRENTLY`: it waits for the transactions of others without keeping them from anything.
        public let isConcurrent: Bool
    }
}

/// What is wrong with a file of the migrations' folder.
struct MigrationFileProblem: Error, Hashable, CustomStringConvertible {
    let fileName: String
    /// From 1; nil where the whole file is meant.
    let line: Int?
    /// What is wrong and what to do about it.
    let reason: String
    /// The number of the migration that it was to be, if that can be told.
    var version: MigrationVersion?

    var description: String { fileName + (line.map { ":\($0)" } ?? "") + ": " + reason }
}
