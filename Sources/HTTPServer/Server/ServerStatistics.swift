public import Metrics

/// What a server has done since it was made. A copy may be handed to another thread.
public struct ServerStatistics: Measured, Equatable {
    /// Connections that were accepted, the refused ones not among them.
    public internal(set) var acceptedConnections: UInt64 = 0
    /// Connections that are open now.
    public internal(set) var openConnections = 0
    /// Connections beyond ``ServerLimits/maxConnections``.
    public internal(set) var refusedConnections: UInt64 = 0
    /// Bytes that were read.
    public internal(set) var bytesIn: UInt64 = 0
    /// Bytes that were handed to the sockets.
    public internal(set) var bytesOut: UInt64 = 0
    /// Bytes of responses that wait for their clients now.
    public internal(set) var unsentBytes = 0
    /// Bytes that are held for clients now, within ``ServerLimits/bufferBytes``, by what they are.
    public internal(set) var heldBytes: [HeldKind: Int] = [:]
    /// Requests and answers for which there was no room, and which got 503 instead.
    public internal(set) var refusals: [HeldKind: UInt64] = [:]
    /// Clients that were slow and had to make room, by what was held for them.
    public internal(set) var evictions: [HeldKind: UInt64] = [:]
    /// Requests that were refused by the parser.
    public internal(set) var parseFailures: UInt64 = 0
    /// Responses that were dropped since the client had gone away.
    public internal(set) var abandonedRequests: UInt64 = 0
    /// Connections that were ended since their time was over, by what they waited for.
    public internal(set) var timeouts: [ServerEvent.Wait: UInt64] = [:]

    /// The requests of one route.
    public struct Route: Sendable, Equatable {
        /// How many were answered with which status code, 200 to 599.
        public internal(set) var statuses: [UInt16: UInt64] = [:]
        /// From when the head was complete to when the response was handed to the socket.
        public internal(set) var latency = LatencyHistogram()
    }

    /// By the index of the route; ``unrouted`` has the rest. As long as the highest index that was answered demands.
    public internal(set) var routes: [Route] = []
    /// The requests that no route matched, and those that were refused.
    public internal(set) var unrouted = Route()

    /// No counts.
    public init() {}

    /// What its connections did; ``RequestStatistics`` has the rest.
    public var metrics: [Metric] {
        var timeouts = Metric("larder_http_timeouts_total", .counter, "Connections ended because their time was over.")
        for wait in ServerEvent.Wait.allCases { timeouts.add(self.timeouts[wait] ?? 0, ["waited_for": wait.rawValue]) }
        var held = Metric(
            "larder_http_held_bytes", .gauge,
            "Bytes held for clients within HTTP_BUFFER_MB, what is each connection's own left out.")
        var refusals = Metric("larder_http_buffer_refusals_total", .counter, "Requests refused since HTTP_BUFFER_MB were held.")
        var evictions = Metric("larder_http_evictions_total", .counter, "Clients that had to make room for others.")
        for kind in HeldKind.allCases {
            held.add(heldBytes[kind] ?? 0, ["held_for": kind.rawValue])
            refusals.add(self.refusals[kind] ?? 0, ["held_for": kind.rawValue])
            evictions.add(self.evictions[kind] ?? 0, ["held_for": kind.rawValue])
        }
        return [
            .gauge("larder_http_connections", "Connections that are open.", openConnections),
            .counter("larder_http_connections_accepted_total", "Connections accepted.", acceptedConnections),
            .counter("larder_http_connections_refused_total", "Connections beyond the limit.", refusedConnections),
            .counter("larder_http_received_bytes_total", "Bytes received.", bytesIn),
            .counter("larder_http_sent_bytes_total", "Bytes sent.", bytesOut),
            .counter("larder_http_parse_failures_total", "Requests that are not HTTP.", parseFailures),
            .counter("larder_http_abandoned_total", "Answers whose client had gone away.", abandonedRequests),
            timeouts, held, refusals, evictions,
        ]
    }
}
