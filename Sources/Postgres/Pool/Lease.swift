/// A connection in somebody's hands.
struct Lease {
    let id: PoolMachine.ConnectionID
    let connection: PostgresConnection
}

/// Somebody in line.
final class Caller {
    private(set) var outcome: Result<PoolMachine.ConnectionID, PostgresError>?
    private var continuation: UnsafeContinuation<Void, Never>?

    /// Waits until ``finish(_:)``, which may have been called already.
    func wait() async {
        await withUnsafeContinuation { continuation in
            if outcome == nil { self.continuation = continuation } else { continuation.resume() }
        }
    }

    func finish(_ outcome: Result<PoolMachine.ConnectionID, PostgresError>) {
        self.outcome = outcome
        continuation?.resume()
        continuation = nil
    }
}
