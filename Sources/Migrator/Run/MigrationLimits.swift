/// How long the migrator waits for others. Statements of migrations themselves may run as long as they like.
public struct MigrationLimits: Hashable, Sendable {
    /// How long a statement waits for a lock on a table, in milliseconds; 0 for as long as it takes.
    ///
    /// A change of a table waits for the transactions that use the table, and all that come later wait behind it. So it
    /// gives up and is rolled back before that is noticed. It is no limit for a statement outside of a transaction that
    /// says `CONCURRENTLY`: nobody waits behind that one, and given up it leaves an invalid index.
    public var lockTimeout: UInt64 = 10_000
    /// How long to wait for another runner to end, in milliseconds. It may be at building a large index.
    public var runnerTimeout: UInt64 = 300_000
    /// The time between two attempts to get what another runner has, or to connect, in milliseconds.
    public var pollInterval: UInt64 = 200

    public init() {}
}
