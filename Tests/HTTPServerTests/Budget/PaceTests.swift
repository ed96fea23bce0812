import Testing

@testable import HTTPServer

@Suite struct `The pace of a client` {
    private let rate = LeastRate(bytesPerSecond: 100, graceMilliseconds: 5_000)

    @Test func `demands nothing before it is awaited and after it is over`() {
        var pace = Pace()
        pace.moved(1, 1_000, rate)
        #expect(pace.deadline == .max)
        #expect(pace.lag(90_000, rate) == 0)
        pace.begin(1_000, rate)
        pace.end()
        #expect(!pace.isAwaited)
        #expect(pace.lag(90_000, rate) == 0)
    }

    @Test func `lets nothing happen for the time of grace`() {
        var pace = Pace()
        pace.begin(1_000, rate)
        #expect(pace.deadline == 6_000)
        #expect(pace.lag(4_000, rate) == 3_000)
        pace.begin(4_000, rate)
        #expect(pace.deadline == 6_000)
    }

    @Test func `is kept by the least rate in pieces of any size`() {
        for size in [1, 10, 100, 400] {
            var pace = Pace()
            pace.begin(0, rate)
            var now: UInt64 = 0
            for _ in 0..<1_000 {
                now += UInt64(size * 10)
                #expect(now <= pace.deadline)
                pace.moved(size, now, rate)
            }
        }
    }

    @Test func `is lost by a tenth less than the least rate`() {
        var pace = Pace()
        pace.begin(0, rate)
        var now: UInt64 = 0
        while now <= pace.deadline && now < 200_000 {
            now += 1_000
            pace.moved(90, now, rate)
        }
        #expect(10_000..<60_000 ~= now)
    }

    @Test func `saves no more than the time of grace, however much was sent at first`() {
        var pace = Pace()
        pace.begin(0, rate)
        pace.moved(1_048_575, 10, rate)
        #expect(pace.deadline == 5_010)
        pace.moved(.max / 2_000, 20, rate)
        #expect(pace.deadline == 5_020)
        #expect(pace.lag(20, rate) == 0)
    }
}
