/// All that can be observed of a connection or a pool. Whoever observes decides what to log and what to count.
public enum PostgresEvent: Sendable {
    /// A connection was made. Connections are numbered within the process.
    case connected(connection: Int, milliseconds: UInt64)
    /// A connection could not be made. A pool tries again at once if it is asked to, or after `retryAfter` milliseconds.
    /// Only the first failure after a success is news. The pool has `connected` others.
    case connectFailed(PostgresError, retryAfter: UInt64?, isFirst: Bool, connected: Int)
    /// A pool connected again, after attempts that failed.
    case reachedAgain
    /// The server refused to write, for a reason of its own as a full disk. It is told once, until that has not happened for
    /// ``PoolLimits/troubleMemory``.
    case doesNotWrite(PostgresError)
    /// A connection ended: by its owner, or with an error.
    case disconnected(connection: Int, PostgresError?)
    /// What the server said on its own account: a warning, a notice.
    case notice(connection: Int, severity: String, sqlState: SQLState?, message: String)
    /// A statement was prepared again, because the tables it was prepared for changed or the server forgot it.
    case preparedAgain(connection: Int, sql: String)
    /// The deadline of a run passed, and the server is asked to cancel the statement.
    case cancelled(connection: Int)
    /// A statement failed in the server.
    case statementFailed(connection: Int, sql: String, PostgresError)
    /// A caller was turned away, because too many wait for a connection already.
    case exhausted(waiting: Int)
    /// A transaction was left open by the code that had the connection, and was rolled back.
    case rolledBack(connection: Int)
}
