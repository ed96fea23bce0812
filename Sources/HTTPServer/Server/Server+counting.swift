extension Server {
    /// What the server has done so far.
    public var statistics: ServerStatistics {
        var statistics = counts
        statistics.openConnections = connections.count - refusals
        statistics.unsentBytes = connections.reduce(0) { $0 + $1.unsentBytes }
        statistics.heldBytes = [.request: heldRequests.held, .answer: heldAnswers.held]
        turn.counters.write(to: &statistics)
        return statistics
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
