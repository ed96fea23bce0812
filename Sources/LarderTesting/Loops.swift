public import EventLoop

/// Runs `body` as a task on a loop of its own, as a worker would.
public func onLoop<Result: Sendable>(_ body: @escaping @Sendable (Loop) async throws -> Result) async throws -> Result {
    // A connection that is gone is an error of whoever writes to it, no reason to end.
    SignalWatcher.ignoreBrokenPipes()
    let loop = Loop()
    loop.start()
    return try await withCheckedThrowingContinuation { done in
        loop.submit {
            do { done.resume(returning: try await body(loop)) } catch { done.resume(throwing: error) }
        }
    }
}
