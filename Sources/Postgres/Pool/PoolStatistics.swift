/// What a pool has and has done since it was made.
public struct PoolStatistics: Sendable, Hashable {
    /// Connections that are established.
    public var open = 0
    /// Those of them that do nothing.
    public var idle = 0
    /// Callers in line for a connection.
    public var waiting = 0
    /// Connections that were ever established.
    public var opened = 0
    /// Attempts to connect that failed.
    public var connectFailures = 0
    /// Callers that got no connection: turned away, too late, or with the server out of reach.
    public var refused = 0
    /// Statements that were sent.
    public var statements = 0
    /// Pipelines that were sent; each is answered as a whole.
    public var pipelines = 0
    /// Time that callers spent in line, in microseconds, all together.
    public var waitedMicroseconds: UInt64 = 0
    /// Time from sending a pipeline to its complete answer, in microseconds, all together.
    public var queryMicroseconds: UInt64 = 0

    public init() {}

    /// The sum, as of the pools of all workers.
    public static func + (left: PoolStatistics, right: PoolStatistics) -> PoolStatistics {
        var sum = left
        sum.open += right.open
        sum.idle += right.idle
        sum.waiting += right.waiting
        sum.opened += right.opened
        sum.connectFailures += right.connectFailures
        sum.refused += right.refused
        sum.statements += right.statements
        sum.pipelines += right.pipelines
        sum.waitedMicroseconds += right.waitedMicroseconds
        sum.queryMicroseconds += right.queryMicroseconds
        return sum
    }
}
