import Testing

@testable import RedisCache

@Suite struct `The life of a link` {
    private func machine(after events: LinkMachine.Event..., now: UInt64 = 0) -> LinkMachine {
        var machine = LinkMachine()
        for event in events { _ = machine.handle(event, now: now, jitter: 0) }
        return machine
    }

    @Test func `goes from the first attempt to use`() {
        var machine = LinkMachine()
        #expect(machine.handle(.start, now: 5, jitter: 0) == .connect)
        #expect(machine.state == .connecting)
        #expect(machine.handle(.connected, now: 6, jitter: 0) == nil)
        #expect(machine.state == .ready(since: 6))
    }

    @Test func `tries again at once when a sound connection breaks`() {
        var machine = machine(after: .start, .connected)
        #expect(machine.handle(.failed, now: LinkMachine.soundAfter, jitter: 0) == .connect)
        #expect(machine.state == .connecting)
    }

    @Test func `backs off when a connection breaks that was hardly used`() {
        var machine = machine(after: .start, .connected)
        #expect(machine.handle(.failed, now: LinkMachine.soundAfter - 1, jitter: 0) == .wait(20))
        #expect(machine.state == .backingOff)
        _ = machine.handle(.waited, now: 1000, jitter: 0)
        _ = machine.handle(.connected, now: 1000, jitter: 0)
        #expect(machine.handle(.failed, now: 1001, jitter: 0) == .wait(40), "a connection that always breaks is not hammered")
    }

    @Test(arguments: [(0.0, [20, 40, 80, 125, 125, 125]), (1.0, [40, 80, 160, 250, 250, 250])])
    func `backs off longer with each failure, up to a quarter of a second`(jitter: Double, waits: [UInt64]) {
        var machine = machine(after: .start)
        for wait in waits {
            #expect(machine.handle(.failed, now: 0, jitter: jitter) == .wait(wait))
            #expect(machine.handle(.waited, now: 0, jitter: jitter) == .connect)
        }
    }

    @Test func `forgets its failures after a sound connection`() {
        var machine = machine(after: .start, .failed, .waited, .failed, .waited, .connected)
        #expect(machine.failures == 2)
        #expect(machine.handle(.failed, now: 5_000, jitter: 0) == .connect)
        #expect(machine.handle(.failed, now: 5_001, jitter: 0) == .wait(20))
    }

    @Test(arguments: [[.start], [.start, .connected]] as [[LinkMachine.Event]])
    func `ends in whatever state the connection breaks`(events: [LinkMachine.Event]) {
        var machine = LinkMachine()
        for event in events { _ = machine.handle(event, now: 0, jitter: 0) }
        guard case .wait = machine.handle(.failed, now: 0, jitter: 0) else {
            Issue.record("it does not back off")
            return
        }
        #expect(machine.state == .backingOff)
    }

    @Test func `ignores events that come too late`() {
        for late in [.connected, .start] as [LinkMachine.Event] {
            var machine = machine(after: .start, .connected, .failed)
            let before = machine
            #expect(machine.handle(late, now: 0, jitter: 0) == nil)
            #expect(machine == before)
        }
    }

    @Test func `does nothing after it was closed`() {
        for event in [.start, .connected, .waited, .failed] as [LinkMachine.Event] {
            var machine = machine(after: .start, .close)
            #expect(machine.handle(event, now: 0, jitter: 0) == nil)
            #expect(machine.state == .closed)
        }
    }
}
