/// Counts answered requests by route and status in one flat array: the hot side of ``ServerStatistics``.
struct RequestCounters {
    private static let codes = 200..<600

    private struct Row {
        /// By code, once there is one.
        var statuses: [UInt64] = []
        var latency = LatencyHistogram()
    }

    /// By route + 1.
    private var rows: [Row] = [Row()]

    mutating func add(route: Int, status: UInt16, nanoseconds: UInt64) {
        while rows.count <= route + 1 { rows.append(Row()) }
        if rows[route + 1].statuses.isEmpty { rows[route + 1].statuses = Array(repeating: 0, count: Self.codes.count) }
        rows[route + 1].statuses[Int(status) - Self.codes.lowerBound] += 1
        rows[route + 1].latency.add(nanoseconds)
    }

    /// Puts the counts in the form for readers.
    func write(to statistics: inout ServerStatistics) {
        let routes = rows.map { row in
            var route = ServerStatistics.Route()
            for (index, count) in row.statuses.enumerated() where count > 0 {
                route.statuses[UInt16(Self.codes.lowerBound + index)] = count
            }
            route.latency = row.latency
            return route
        }
        statistics.unrouted = routes[0]
        statistics.routes = Array(routes.dropFirst())
    }
}
