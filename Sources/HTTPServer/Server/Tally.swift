/// Counts what happens to a server, requests left out, and tells its observer of what no response tells.
final class Tally {
    private var counts = ServerStatistics()
    /// Beside the others, since every request counts them.
    private var bytesIn: UInt64 = 0
    private var bytesOut: UInt64 = 0
    private let observe: (ServerEvent) -> Void

    init(_ observe: @escaping (ServerEvent) -> Void) { self.observe = observe }

    /// The counts; what there is now is for their reader to add.
    var statistics: ServerStatistics {
        var statistics = counts
        statistics.bytesIn = bytesIn
        statistics.bytesOut = bytesOut
        return statistics
    }

    func accepted() { counts.acceptedConnections += 1 }

    func refusedConnection() {
        counts.refusedConnections += 1
        observe(.refusedConnection)
    }

    func received(_ bytes: Int) { bytesIn &+= UInt64(bytes) }

    func sent(_ bytes: Int) { bytesOut &+= UInt64(bytes) }

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

    func evicted(_ kind: HeldKind) {
        counts.evictions[kind, default: 0] += 1
        observe(.evicted(kind))
    }

    func refused(_ kind: HeldKind) {
        counts.refusals[kind, default: 0] += 1
        observe(.noRoom(kind))
    }
}
