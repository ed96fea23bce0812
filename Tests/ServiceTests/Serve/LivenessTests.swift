import EventLoop
import LarderTesting
import Synchronization
import TestDomain
import Testing

@testable import Service

@Suite struct `A worker` {
    private static let keeper = {
        let loop = Loop()
        loop.start()
        return CacheKeeper(on: loop)
    }()

    private func workers(_ count: Int) -> [Worker] {
        (1...count).map { Worker(Configuration.standard, SharedMemory(), Self.keeper, number: $0) }
    }

    @Test func `that goes round is alive, whoever asks at the same time`() async throws {
        let workers = workers(3)
        try await onLoop { loop in
            let liveness = Liveness(workers, on: loop)
            var answers: [[Int]] = []
            for _ in 0..<3 { loop.spawn { answers.append(await liveness.silent(within: 5_000)) } }
            while answers.count < 3 { await loop.sleep(milliseconds: 1) }
            #expect(answers == [[], [], []])
        }
    }

    @Test func `that hangs is named, and the others are not`() async throws {
        let workers = workers(3)
        let isHanging = Mutex(true)
        try await onLoop { loop in
            workers[1].loop.submit { while isHanging.withLock({ $0 }) { blockingPause() } }
            let liveness = Liveness(workers, on: loop)
            #expect(await liveness.silent(within: 40) == [1])
            #expect(await liveness.silent(within: 40) == [1], "as long as it hangs")
            isHanging.withLock { $0 = false }
            #expect(await liveness.silent(within: 5_000) == [])
        }
    }

    @Test func `that was asked only just now is not taken for one that hangs`() async throws {
        let workers = workers(2)
        let isHanging = Mutex(true)
        try await onLoop { loop in
            workers[0].loop.submit { while isHanging.withLock({ $0 }) { blockingPause() } }
            let liveness = Liveness(workers, on: loop)
            var first: [Int]?
            loop.spawn { first = await liveness.silent(within: 1_000) }
            await loop.sleep(milliseconds: 500)
            // Asks the second worker again, while the first question to the first one is open.
            #expect(await liveness.silent(within: 500) == [0])
            while first == nil { await loop.sleep(milliseconds: 1) }
            #expect(first == [0])
            isHanging.withLock { $0 = false }
        }
    }
}

extension Configuration {
    /// One of which nothing was set.
    fileprivate static var standard: Configuration { try! Configuration([:], testDeclarations, cores: 1) }
}
