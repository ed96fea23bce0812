/// What a server has done since it was made. A copy may be handed to another thread; those of several loops can be added up.
public struct ServerStatistics: Sendable, Equatable {
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
    /// Clients that stalled and had to make room, by what was held for them.
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

    /// Adds the counts of another loop's server with the same routes.
    public mutating func add(_ other: ServerStatistics) {
        acceptedConnections += other.acceptedConnections
        openConnections += other.openConnections
        refusedConnections += other.refusedConnections
        bytesIn += other.bytesIn
        bytesOut += other.bytesOut
        unsentBytes += other.unsentBytes
        heldBytes.merge(other.heldBytes, uniquingKeysWith: +)
        refusals.merge(other.refusals, uniquingKeysWith: +)
        evictions.merge(other.evictions, uniquingKeysWith: +)
        parseFailures += other.parseFailures
        abandonedRequests += other.abandonedRequests
        timeouts.merge(other.timeouts, uniquingKeysWith: +)
        while routes.count < other.routes.count { routes.append(Route()) }
        for (index, route) in other.routes.enumerated() { routes[index].add(route) }
        unrouted.add(other.unrouted)
    }
}

extension ServerStatistics.Route {
    mutating func add(_ other: Self) {
        statuses.merge(other.statuses, uniquingKeysWith: +)
        latency.add(other.latency)
    }
}
