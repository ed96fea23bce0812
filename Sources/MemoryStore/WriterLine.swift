internal import Bytes
internal import Model
internal import Synchronization

/// Lets one writer in at a time. The others stand in line in the order in which they came.
final class WriterLine: Sendable {
    private struct State {
        var isTaken = false
        var waiting = FIFO<UnsafeContinuation<Void, any Error>>()
    }

    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: how many writers may wait.
    init(limit: Int) { self.limit = limit }

    /// Waits for its turn. Whoever got it must ``leave()``.
    ///
    /// - Throws: ``DomainError/overloaded(retryAfterSeconds:)`` if too many are waiting.
    func enter() async throws {
        try await withUnsafeThrowingContinuation { continuation in
            let answer: Result<Void, any Error>? = state.withLock { state in
                if !state.isTaken {
                    state.isTaken = true
                    return .success(())
                }
                guard state.waiting.count < limit else {
                    return .failure(DomainError.overloaded(retryAfterSeconds: 1))
                }
                state.waiting.append(continuation)
                return nil
            }
            if let answer { continuation.resume(with: answer) }
        }
    }

    /// Lets the next one in.
    func leave() {
        let next = state.withLock { state -> UnsafeContinuation<Void, any Error>? in
            let next = state.waiting.popFirst()
            state.isTaken = next != nil
            return next
        }
        next?.resume()
    }

    /// How many writers are waiting.
    var waiting: Int { state.withLock { $0.waiting.count } }
}
