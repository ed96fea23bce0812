public import Metrics

/// What a backend has done since it was made. All of them only grow.
public struct RedisCounters: Measured, Hashable {
    /// Commands of any kind that were sent.
    public internal(set) var commands = 0
    /// Errors that the server answered with.
    public internal(set) var errors = 0
    /// Commands that were not answered in time, each of which broke its connection.
    public internal(set) var timeouts = 0
    public internal(set) var bytesWritten = 0
    public internal(set) var bytesRead = 0

    /// Calls of `look`.
    public internal(set) var looks = 0
    /// Tags and entries that they asked for.
    public internal(set) var keysAsked = 0
    /// Tags and entries that were fetched for them; the others were asked for by two callers of one turn.
    public internal(set) var keysFetched = 0
    /// `MGET` commands that carried them.
    public internal(set) var lookCommands = 0
    /// Turns of the loop in which looks left: the round trips that all looks together waited for.
    public internal(set) var lookRoundTrips = 0
    /// Sum of the times from sending looks to their reply, in nanoseconds.
    public internal(set) var lookRoundTripNanoseconds: UInt64 = 0

    /// Entries that were sent to be stored.
    public internal(set) var stores = 0
    /// Entries that were not: too large, too much unsent, or not of this keyspace.
    public internal(set) var storesDropped = 0
    /// Tags that were announced, or on which placeholders were put.
    public internal(set) var tagsWritten = 0

    /// Connections that came about, with a completed handshake.
    public internal(set) var connects = 0
    /// Attempts that failed and connections that broke.
    public internal(set) var failures = 0

    /// Those that operators see.
    public var metrics: [Metric] {
        [
            .counter("larder_redis_commands_total", "Commands sent.", commands),
            .counter("larder_redis_errors_total", "Errors that Redis answered with.", errors),
            .counter("larder_redis_timeouts_total", "Commands that were not answered in time.", timeouts),
            .counter("larder_redis_connects_total", "Connections made.", connects),
            .counter("larder_redis_failures_total", "Attempts that failed and connections that broke.", failures),
            .counter("larder_redis_looks_total", "Validations asked for.", looks),
            .counter("larder_redis_look_commands_total", "MGET commands that carried them.", lookCommands),
            .counter("larder_redis_look_round_trips_total", "Round trips that they waited for.", lookRoundTrips),
            .counter(
                "larder_redis_look_seconds_total", "Time of these round trips.", Double(lookRoundTripNanoseconds) / 1e9),
            .counter("larder_redis_sent_bytes_total", "Bytes sent.", bytesWritten),
            .counter("larder_redis_received_bytes_total", "Bytes received.", bytesRead),
        ]
    }
}

/// The counters that the parts of one backend share.
final class RedisMeter {
    var counters = RedisCounters()
}
