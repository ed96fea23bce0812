public import Metrics

/// What a pool has and has done since it was made.
public struct PoolStatistics: Measured, Hashable {
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

    /// All of them.
    public var metrics: [Metric] {
        [
            .gauge("larder_postgres_connections", "Connections to PostgreSQL.", open),
            .gauge("larder_postgres_connections_idle", "Those that do nothing.", idle),
            .gauge("larder_postgres_waiting", "Requests that wait for one.", waiting),
            .counter("larder_postgres_connects_total", "Connections made.", opened),
            .counter("larder_postgres_connect_failures_total", "Attempts to connect that failed.", connectFailures),
            .counter("larder_postgres_refused_total", "Requests that got no connection.", refused),
            .counter("larder_postgres_statements_total", "Statements sent.", statements),
            .counter("larder_postgres_pipelines_total", "Pipelines sent.", pipelines),
            .counter(
                "larder_postgres_wait_seconds_total", "Time in line for a connection.", Double(waitedMicroseconds) / 1e6),
            .counter(
                "larder_postgres_query_seconds_total", "Time from a pipeline to its answer.", Double(queryMicroseconds) / 1e6),
        ]
    }
}
