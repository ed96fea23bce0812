import EventLoop
import Testing

struct WaitedTooLong: Error {}

extension Loop {
    /// Waits until `condition` holds. If it does not within 30 s, the test fails instead of waiting on.
    func wait(
        sourceLocation: SourceLocation = #_sourceLocation, until condition: () async throws -> Bool
    ) async throws {
        let deadline = now + 30_000
        while try await !condition() {
            guard now < deadline else {
                Issue.record("what was waited for did not come", sourceLocation: sourceLocation)
                throw WaitedTooLong()
            }
            await sleep(milliseconds: 2)
        }
    }
}
