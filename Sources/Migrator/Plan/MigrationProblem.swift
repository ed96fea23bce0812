/// Something by which the files and what was applied do not fit together.
public enum MigrationProblem: Hashable, Sendable, CustomStringConvertible {
    /// A file of the folder breaks a rule.
    case invalidFile(description: String)
    /// The up part is not what was applied. `before` is what was applied before it.
    case edited(MigrationFile, AppliedMigration, before: MigrationVersion)
    /// What was applied has no file any more. It is no reason to stop: an older release may meet a newer database.
    case missingFile(AppliedMigration)
    /// It is pending, and one with a higher number is applied.
    case outOfOrder(MigrationFile, last: AppliedMigration, free: MigrationVersion?)
    /// It was begun without a transaction and has not finished. The indexes are what it seems to have left.
    case interrupted(AppliedMigration, invalidIndexes: [String])
    /// It was begun without a transaction, and another runner, whose server process is given, still works.
    case underWay(AppliedMigration, process: Int64)

    /// One sentence that says what to do.
    public var description: String {
        switch self {
        case .invalidFile(let description):
            description
        case .edited(let file, let applied, _) where file.name != applied.name:
            "\(file.fileName) has the number of \(applied.fileName), which was applied at \(applied.appliedAt); "
                + "give it the next free number"
        case .edited(let file, let applied, let before):
            "\(file.fileName) was changed after it was applied at \(applied.appliedAt); restore it and put the change into "
                + "a new migration, or, where the data does not matter, run `larder migrate down --to \(before)` and `up` again"
        case .missingFile(let applied):
            "\(applied.fileName) was applied at \(applied.appliedAt) and is not in the folder; bring the file back, or use "
                + "the release that has it"
        case .outOfOrder(let file, let last, let free):
            "\(file.fileName) is not applied, but \(last.fileName), which comes after it, is; "
                + (free.map { "rename it to \($0)_\(file.name).sql" } ?? "give it a higher number")
                + ", or apply it all the same by `larder migrate up --out-of-order`"
        case .interrupted(let applied, let invalidIndexes):
            Self.interruption(of: applied, invalidIndexes)
        case .underWay(let applied, let process):
            "\(applied.fileName) is being worked on by another migration (pid \(process)); wait until it has ended"
        }
    }

    private static func interruption(of applied: AppliedMigration, _ invalidIndexes: [String]) -> String {
        let isDown = applied.state == .reverting
        let retry = "`larder migrate \(isDown ? "down" : "up") --retry`"
        let what =
            isDown
            ? "\(applied.fileName): its down part, which runs without a transaction, was begun and has not finished"
            : "\(applied.fileName), which runs without a transaction, was begun at \(applied.appliedAt) and has not finished"
        guard invalidIndexes.isEmpty else {
            let drops = invalidIndexes.map { "`DROP INDEX CONCURRENTLY \($0)`" }.joined(separator: ", ")
            return "\(what); it left an index that pg_index calls invalid: run \(drops), then \(retry)"
        }
        return isDown
            ? "\(what); look in the database: if all is undone, run `DELETE FROM larder_migrations WHERE version = "
                + "\(applied.version.number)`, else \(retry)"
            : "\(what); look in the database: if all of it is there, run `larder migrate baseline \(applied.version)`, "
                + "else undo what is there of it and run \(retry)"
    }
}
