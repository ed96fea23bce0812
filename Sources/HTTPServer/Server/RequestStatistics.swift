public import Metrics

/// The requests that a server answered, by the routes in words.
public struct RequestStatistics: Measured {
    private let server: ServerStatistics
    private let routes: [RouteDescription]

    /// - Parameter routes: those of the server's router, in its order.
    public init(_ server: ServerStatistics, _ routes: [RouteDescription]) {
        self.server = server
        self.routes = routes
    }

    /// How many there were of each status, and how long they took.
    public var metrics: [Metric] {
        var requests = Metric("larder_http_requests_total", .counter, "Requests answered, by route and status.")
        var seconds = Metric(
            "larder_http_request_duration_seconds", .histogram, "From the end of a request's head to its answer, by route.")
        func add(_ route: ServerStatistics.Route, _ method: String, _ pattern: String) {
            guard route.latency.count > 0 else { return }
            for (status, count) in route.statuses.sorted(by: { $0.key < $1.key }) {
                requests.add(count, ["method": method, "route": pattern, "status": "\(status)"])
            }
            let bounds = LatencyHistogram.bounds.map { "\(Double($0) / 1e9)" } + ["+Inf"]
            for (bound, count) in zip(bounds, route.latency.cumulative) {
                seconds.add(count, ["method": method, "route": pattern, "le": bound], suffix: "_bucket")
            }
            seconds.add(Double(route.latency.sum) / 1e9, ["method": method, "route": pattern], suffix: "_sum")
            seconds.add(route.latency.count, ["method": method, "route": pattern], suffix: "_count")
        }
        for (route, statistics) in zip(routes, server.routes) { add(statistics, route.method.name, route.pattern) }
        add(server.unrouted, "", "none")
        return [requests, seconds]
    }
}
