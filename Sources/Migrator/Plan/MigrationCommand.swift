/// What changes the database, or the note of what was applied to it.
public enum MigrationCommand: Hashable, Sendable {
    /// Applies what is pending.
    ///
    /// - `to`: the last one to be applied; all if nil.
    /// - `outOfOrder`: also those with a lower number than the last applied. Without it they are a reason to stop.
    /// - `retry`: begins again what was interrupted. Without it that is a reason to stop.
    case up(to: MigrationVersion? = nil, outOfOrder: Bool = false, retry: Bool = false)
    /// Takes back the last `steps`, newest first. `retry` as for `up`.
    case down(steps: Int = 1, retry: Bool = false)
    /// Takes back all with a higher number than `to`, newest first. `retry` as for `up`.
    case downTo(MigrationVersion, retry: Bool = false)
    /// Takes the last one back and applies it again, as its file is now.
    case redo
    /// Marks all up to this one as applied, without running them: for a database that had its tables before.
    case baseline(MigrationVersion)
}
