package import EventLoop
internal import Synchronization

/// Loops for tests. A loop lives as long as the process, so they are used again; and as a test waits until one is free,
/// no more tests run at a time than a database has connections for.
package final class LoopPool: Sendable {
    package static let shared = LoopPool(limit: 4)

    private struct State {
        var idle: [Loop] = []
        var made = 0
        var waiting: [CheckedContinuation<Loop, Never>] = []
    }

    private let limit: Int
    private let state = Mutex(State())

    package init(limit: Int) { self.limit = limit }

    /// Runs `body` as a task on a loop of its own.
    package func run(_ body: @escaping @Sendable (Loop) async throws -> Void) async throws {
        let loop = await take()
        defer { giveBack(loop) }
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            loop.submit {
                do {
                    try await body(loop)
                    done.resume()
                } catch {
                    done.resume(throwing: error)
                }
            }
        }
    }

    private func take() async -> Loop {
        await withCheckedContinuation { continuation in
            let loop = state.withLock { state -> Loop? in
                if let loop = state.idle.popLast() { return loop }
                guard state.made < limit else {
                    state.waiting.append(continuation)
                    return nil
                }
                state.made += 1
                let loop = Loop()
                loop.start()
                return loop
            }
            if let loop { continuation.resume(returning: loop) }
        }
    }

    private func giveBack(_ loop: Loop) {
        let next = state.withLock { state -> CheckedContinuation<Loop, Never>? in
            if state.waiting.isEmpty {
                state.idle.append(loop)
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume(returning: loop)
    }
}
