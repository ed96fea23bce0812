import EventLoop
import Foundation

/// Runs `body` on a thread with a stack of so many bytes.
func onThread<Result: Sendable>(stackBytes: Int, _ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { done in
        let thread = Thread { done.resume(returning: body()) }
        thread.stackSize = stackBytes
        thread.start()
    }
}

/// Runs `body` on a loop's own thread, as workers do.
func onLoop<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
    let loop = EventLoop()
    loop.start()
    return try await withCheckedThrowingContinuation { done in
        loop.submit {
            do { done.resume(returning: try await body()) } catch { done.resume(throwing: error) }
        }
    }
}
