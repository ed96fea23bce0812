import Testing

@testable import HTTPServer

@Suite struct `What is held for a client` {
    private var held = HeldBytes(
        ownBytes: 100,
        rates: .init(
            least: LeastRate(bytesPerSecond: 100, graceMilliseconds: 5_000),
            held: LeastRate(bytesPerSecond: 1_000, graceMilliseconds: 1_000)))

    @Test mutating func `is charged beyond what is its own, and once`() {
        #expect(held.missing(for: 100) <= 0)
        #expect(held.missing(for: 130) == 30)
        held.charge(30)
        #expect(held.missing(for: 130) == 0)
        #expect(held.missing(for: 135) == 5)
    }

    @Test mutating func `is given back as far as it is not held any more`() {
        held.charge(50)
        let none = held.reduce(to: 150)
        let some = held.reduce(to: 130)
        let rest = held.reduce(to: 10)
        #expect((none, some, rest) == (0, 20, 30))
        #expect(held.charge == 0)
    }

    /// What was charged may be more than what is held: bytes were sent while room was made for others.
    @Test mutating func `is never given back twice`() {
        held.charge(50)
        let first = held.reduce(to: 0)
        held.charge(20)
        let second = held.reduce(to: 0)
        #expect(first + second == 70)
    }

    @Test mutating func `moves by two rates: who is slower by one makes room, by the other is ended`() {
        #expect(!held.isAwaited && !held.isTooSlow(1_000_000) && held.lag(1_000_000) == 0)
        held.begin(0)
        #expect(held.isAwaited)
        #expect(held.lag(1_500) == 1_500)
        held.moved(1_000, 1_500)
        #expect(held.lag(1_500) == 500)
        #expect(!held.isTooSlow(6_499))
        #expect(held.isTooSlow(6_500))
        held.end()
        #expect(!held.isAwaited && !held.isTooSlow(1_000_000))
    }
}
