import Foundation

/// Runs `body` on a thread with a stack of so many bytes.
func onThread<Result: Sendable>(stackBytes: Int, _ body: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { done in
        let thread = Thread { done.resume(returning: body()) }
        thread.stackSize = stackBytes
        thread.start()
    }
}
