/// A response that leaves at the end of this turn.
struct FinishedRequest {
    let route: Int
    let status: UInt16
    /// When its head was complete, by the monotonic clock.
    let start: UInt64
}

extension HTTPServer {
    /// What the server has done so far.
    public var statistics: ServerStatistics {
        var statistics = counts
        statistics.openConnections = connections.count - refusals
        statistics.unsentBytes = connections.reduce(0) { $0 + $1.unsentBytes }
        counters.write(to: &statistics)
        return statistics
    }

    /// The monotonic clock, read once a turn.
    func turnStart() -> UInt64 {
        if turnStartTime == 0 { turnStartTime = Clock.monotonic }
        return turnStartTime
    }

    func answered(_ route: Int, _ status: Status, since start: UInt64) {
        finished.append(FinishedRequest(route: route, status: status.code, start: start))
    }

    /// Counts the responses of this turn, which were handed to the sockets just now.
    func countFinished() {
        guard !finished.isEmpty else { return }
        let now = Clock.monotonic
        for request in finished {
            counters.add(route: request.route, status: request.status, nanoseconds: now - request.start)
        }
        finished.removeAll(keepingCapacity: true)
    }

    func refused(_ failure: ParseFailure) {
        counts.parseFailures += 1
        observe(.refusedRequest(failure))
    }

    func abandoned(_ route: Int) {
        counts.abandonedRequests += 1
        observe(.abandonedRequest(route: route))
    }

    func timedOut(_ wait: ServerEvent.Wait) {
        counts.timeouts[wait, default: 0] += 1
        observe(.timedOut(wait))
    }
}
