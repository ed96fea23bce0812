/// What a connection shares with the others of its pool.
struct ConnectionEnvironment {
    var observe: (PostgresEvent) -> Void = { _ in }
    var counters = Counters()
    var cancelGate = CancelGate()
    var poolers = PoolerCheck()
    /// Whether it is a pool's, which calls `sweep` regularly.
    var isPool = false
}

/// What is counted, for a pool the sum of its connections.
final class Counters {
    var statements = 0
    var pipelines = 0
    var queryMicroseconds: UInt64 = 0
}

/// Cancelling blocks a thread of the process's few for as long as the network likes.
final class CancelGate {
    /// How many cancels of one pool are under way at a time.
    static let limit = 1
    private var running = 0

    func enter() -> Bool {
        guard running < CancelGate.limit else { return false }
        running += 1
        return true
    }

    func leave() { running -= 1 }
}
