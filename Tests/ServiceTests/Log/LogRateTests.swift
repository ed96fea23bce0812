import EventLoop
import LarderTesting
import Synchronization
import Testing

@testable import Service

@Suite struct `Lines that clients can cause` {
    @Test func `are written until there are many, and then counted until the interval is over`() {
        var rate = LogRate()
        var written = 0
        for _ in 0..<1_400 where rate.admit(1_000) { written += 1 }
        #expect(written == LogRate.most)
        let omitted = rate.takeOmitted()
        #expect(omitted == 1_400 - LogRate.most)
        let isWritten = (rate.admit(1_000 + LogRate.interval - 1), rate.admit(1_000 + LogRate.interval))
        #expect(isWritten == (false, false), "the one that was left out before is counted first")
        let omittedLater = rate.takeOmitted()
        let isWrittenAgain = rate.admit(1_000 + LogRate.interval)
        #expect(omittedLater == 2 && isWrittenAgain)
    }

    @Test func `are all written while they are few`() {
        var rate = LogRate()
        for number in 0..<100 {
            let isWritten = rate.admit(UInt64(number) * LogRate.interval / UInt64(LogRate.most))
            #expect(isWritten)
        }
    }

    @Test(arguments: 1...50)
    func `are each written or counted, and in no interval more than some`(seed: Int) {
        var rate = LogRate()
        var now: UInt64 = 0
        var written: [UInt64] = []
        var counted = 0
        for step in 0..<500 {
            now += UInt64((seed * 7_919 + step * 104_729) % 3_001)
            if step % 11 == seed % 11 { counted += rate.takeOmitted() }
            if rate.admit(now) { written.append(now) } else { counted += rate.takeOmitted() }
        }
        counted += rate.takeOmitted()
        #expect(written.count + counted == 500)
        for (index, time) in written.enumerated() where index >= 2 * LogRate.most {
            #expect(time - written[index - 2 * LogRate.most] >= LogRate.interval, "two intervals meet at most")
        }
    }

    @Test func `are summed up by kind`() async throws {
        try await onLoop { loop in
            let text = Mutex("")
            let output = LogOutput { bytes in text.withLock { $0 += String(decoding: bytes, as: UTF8.self) } }
            let log = Log(level: .info, format: .text, output: output)
            let limited = LimitedLog(log, on: loop)
            for number in 0..<100 {
                limited.write(.warning, "one", ["number": "\(number)"])
                limited.write(.debug, "quiet")
                if number < 3 { limited.write(.error, "other") }
            }
            limited.summarize()
            limited.summarize()
            await log.flush(within: 5_000, on: loop)
            let lines = text.withLock { $0 }.split(separator: "\n").map { $0.drop { $0 != " " }.dropFirst() }
            let first = (0..<LogRate.most).map { "warning one number=\($0)" }
            #expect(
                lines.filter { $0.contains("one") }.map(String.init) == first + ["warning one more_times=\(100 - LogRate.most)"])
            #expect(lines.count { $0 == "error other" } == 3)
            #expect(lines.count == LogRate.most + 1 + 3)
        }
    }
}
