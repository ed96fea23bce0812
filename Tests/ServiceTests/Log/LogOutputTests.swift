import EventLoop
import LarderTesting
import Model
import Synchronization
import Testing

@testable import Service

@Suite struct `The log` {
    /// Somebody who reads the log, or not.
    private final class Reader: Sendable {
        private let text = Mutex("")
        private let mayRead: Mutex<Bool>

        init(reads: Bool) { mayRead = Mutex(reads) }

        var read: String { text.withLock { $0 } }

        func begin() { mayRead.withLock { $0 = true } }

        /// Waits as a write to a full pipe does.
        func take(_ bytes: [UInt8]) {
            while !mayRead.withLock({ $0 }) { blockingPause() }
            text.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
        }
    }

    @Test func `has all lines in their order, whichever thread they come from`() async throws {
        try await onLoop { loop in
            let reader = Reader(reads: true)
            let log = Log(level: .info, format: .text, output: LogOutput { reader.take($0) })
            for number in 1...100 { log.info("line", ["number": "\(number)"]) }
            await log.flush(within: 5_000, on: loop)
            let numbers = reader.read.split(separator: "\n").compactMap { $0.split(separator: "=").last.flatMap { Int($0) } }
            #expect(numbers == Array(1...100))
        }
    }

    @Test(arguments: Log.Format.allCases)
    func `that nobody reads holds nobody up, and says later how many lines it lacks`(format: Log.Format) async throws {
        try await onLoop { loop in
            let reader = Reader(reads: false)
            let log = Log(level: .info, format: format, output: LogOutput(LogQueue(capacity: 1_000)) { reader.take($0) })
            // The first line keeps the writer busy; of the others some have room.
            for number in 0..<100 { log.info("line", ["number": "\(number)"]) }
            let before = loop.now
            await log.flush(within: 30, on: loop)
            #expect(loop.now >= before + 30, "who ends waits as long as was said")
            #expect(reader.read.isEmpty)

            reader.begin()
            await log.flush(within: 5_000, on: loop)
            let lines = reader.read.split(separator: "\n")
            let written = lines.count { $0.contains("number") }
            #expect(1..<100 ~= written)
            let notes = lines.filter { $0.contains("dropped") }
            #expect(notes.allSatisfy { $0.contains("warning") })
            let dropped = notes.compactMap { $0.firstMatch(of: /(\d+) lines? (?:were|was) dropped/).flatMap { Int($0.1) } }
            #expect(written + dropped.reduce(0, +) == 100)

            log.info("afterwards")
            await log.flush(within: 5_000, on: loop)
            #expect(reader.read.split(separator: "\n").last?.contains("afterwards") == true)
        }
    }

    @Test func `has nothing to flush when nothing was logged`() async throws {
        try await onLoop { loop in
            await Log(level: .info, format: .text).flush(within: 60_000, on: loop)
        }
    }
}
