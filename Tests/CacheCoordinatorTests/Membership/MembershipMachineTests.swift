import Testing

@testable import CacheCoordinator

/// Dialogues with the machine, without a store or a server: what it learns, and what it does.
@Suite struct `A member of those who share a cache` {
    private static let length: UInt64 = 5_000
    private static let margin: UInt64 = 500

    private func machine(reaching life: String? = "L") -> MembershipMachine {
        var machine = MembershipMachine(length: Self.length, margin: Self.margin)
        _ = machine.reached(life)
        return machine
    }

    private func row(_ epoch: UInt64, open isOpen: Bool, life: String? = "L", sameHistory: Bool = true) -> CacheRow {
        CacheRow(
            epoch: epoch, isOpen: isOpen, life: life, keyspace: Keyspace("\(epoch)"), isSameHistory: sameHistory)
    }

    private func grant(_ epoch: UInt64, until end: UInt64) -> MembershipMachine.Action {
        .grant(.init(keyspace: Keyspace("\(epoch)"), life: "L", end: end))
    }

    private func member(
        _ id: String, obeys: UInt64, life: String? = "L", lease: UInt64 = length, isLive: Bool = true
    ) -> CacheMember {
        CacheMember(id: id, obeys: obeys, life: life, lease: lease, isLive: isLive)
    }

    // MARK: Open

    @Test func `uses the open cache for so long from when it asked, not from when it was answered`() {
        var member = machine()
        #expect(member.learned(row(2, open: true), sentAt: 1_000, now: 1_900) == [grant(2, until: 6_000)])
        #expect(member.obeys == 2)
        #expect(member.learned(row(2, open: true), sentAt: 2_000, now: 2_001) == [grant(2, until: 7_000)])
    }

    @Test func `asks at once when it hears by other ways that the cache is open`() {
        var member = machine()
        #expect(member.learned(row(2, open: true), sentAt: nil, now: 10) == [.grant(nil), .renew])
        _ = member.learned(row(2, open: true), sentAt: 20, now: 21)
        #expect(member.learned(row(2, open: true), sentAt: nil, now: 30) == [], "it knows")
    }

    @Test func `uses no cache on a server that it does not reach`() {
        var member = machine(reaching: "other")
        #expect(member.learned(row(2, open: true), sentAt: 0, now: 1) == [.grant(nil), .count])
        member = machine(reaching: nil)
        #expect(member.learned(row(2, open: true), sentAt: 0, now: 1) == [.grant(nil)])
    }

    @Test func `stops at once when its server has another life, and goes on for its time when it reaches none`() {
        var member = machine()
        _ = member.learned(row(2, open: true), sentAt: 0, now: 1)
        #expect(member.reached(nil) == [])
        #expect(member.reached("L") == [], "a connection broke and was made again")
        #expect(member.reached("new") == [.grant(nil), .renew])
    }

    // MARK: Closed

    @Test func `stops before it says that it obeys`() {
        var member = machine()
        _ = member.learned(row(2, open: true), sentAt: 0, now: 1)
        #expect(member.learned(row(3, open: false), sentAt: nil, now: 10) == [.grant(nil), .renew])
        #expect(member.obeys == 3)
        #expect(member.learned(row(3, open: false), sentAt: 11, now: 12) == [.grant(nil), .count])
    }

    @Test func `believes no answer that comes late`() {
        var member = machine()
        _ = member.learned(row(3, open: false), sentAt: nil, now: 10)
        #expect(member.learned(row(2, open: true), sentAt: 9, now: 11) == [])
        #expect(member.obeys == 3)
    }

    @Test func `opens when all obey`() {
        var member = machine()
        _ = member.learned(row(3, open: false), sentAt: 0, now: 1)
        let all = [self.member("a", obeys: 3), self.member("b", obeys: 4)]
        #expect(member.counted(all, now: 2) == [.open(epoch: 3, forgetting: [])])
    }

    @Test func `opens without those who do not answer when their time is over by its own clock, and forgets them`() {
        var member = machine()
        _ = member.learned(row(3, open: false), sentAt: 0, now: 100)
        let some = [self.member("a", obeys: 3), self.member("dead", obeys: 2)]
        let end = 100 + Self.length + Self.margin
        #expect(member.counted(some, now: end - 1) == [.countLater(MembershipMachine.pause)])
        #expect(member.counted(some, now: end) == [.open(epoch: 3, forgetting: ["dead"])])
    }

    @Test func `gives one that does not answer the time that it has set for itself`() {
        var member = machine()
        _ = member.learned(row(3, open: false), sentAt: 0, now: 100)
        let dead = self.member("dead", obeys: 2, lease: 60_000)
        #expect(member.counted([dead], now: 60_099) == [.countLater(MembershipMachine.pause)])
        #expect(member.counted([dead], now: 60_100 + Self.margin) == [.open(epoch: 3, forgetting: ["dead"])])
    }

    @Test func `counts that time anew when the cache was opened and closed meanwhile`() {
        var member = machine()
        _ = member.learned(row(3, open: false), sentAt: 0, now: 100)
        _ = member.learned(row(5, open: false), sentAt: nil, now: 3_000)
        let end = 100 + Self.length + Self.margin
        #expect(member.counted([self.member("dead", obeys: 4)], now: end) == [.countLater(MembershipMachine.pause)])
    }

    @Test func `opens nothing without a server`() {
        var member = machine(reaching: nil)
        _ = member.learned(row(3, open: false), sentAt: 0, now: 100)
        #expect(member.counted([], now: 200) == [])
    }

    @Test func `knows when nobody uses what was closed`() {
        var member = machine(reaching: nil)
        #expect(!member.settle([], now: 0).isSettled, "it knows of nothing yet")
        _ = member.learned(row(3, open: false), sentAt: nil, now: 100)
        #expect(!member.settle([self.member("a", obeys: 2)], now: 101).isSettled)
        #expect(member.settledEpoch == nil)
        #expect(member.settle([self.member("a", obeys: 3)], now: 102).isSettled)
        #expect(member.settledEpoch == 3)
    }

    // MARK: Another server, another history, lost messages

    @Test func `has the server replaced when nobody reaches the old one`() {
        var member = machine(reaching: "new")
        _ = member.learned(row(2, open: true), sentAt: 0, now: 1)
        #expect(member.counted([self.member("a", obeys: 2)], now: 2) == [])
        #expect(member.counted([self.member("a", obeys: 2, isLive: false)], now: 2) == [.close(epoch: 2)])
        #expect(member.counted([self.member("a", obeys: 2, life: "new")], now: 2) == [.close(epoch: 2)])
    }

    @Test func `closes what was opened in another history of the database, and waits for the whole time then`() {
        var member = machine()
        #expect(member.learned(row(2, open: true, sameHistory: false), sentAt: 0, now: 1) == [.grant(nil), .close(epoch: 2)])
        _ = member.learned(row(3, open: false, sameHistory: false), sentAt: 1, now: 10)
        #expect(member.counted([], now: 11) == [.countLater(MembershipMachine.pause)], "the list may lack somebody")
        #expect(member.counted([], now: 10 + Self.length + Self.margin) == [.open(epoch: 3, forgetting: [])])
    }

    @Test func `obeys an older epoch of another history`() {
        var member = machine()
        _ = member.learned(row(7, open: true), sentAt: 0, now: 1)
        #expect(member.learned(row(5, open: true, sameHistory: false), sentAt: 2, now: 3) == [.grant(nil), .close(epoch: 5)])
    }

    @Test func `closes the cache when it may have missed messages, once`() {
        var member = machine()
        _ = member.learned(row(2, open: true), sentAt: 0, now: 1)
        #expect(member.missedMessages() == [.grant(nil), .renew])
        #expect(member.learned(row(2, open: true), sentAt: 2, now: 3) == [.grant(nil), .close(epoch: 2)])
        #expect(member.learned(row(4, open: true), sentAt: 5, now: 6) == [grant(4, until: 5_005)])
    }

    // MARK: All of them

    /// Members that stand still between any two steps, close, open and die, in orders of chance: whenever one of them takes it that
    /// nobody uses what was closed, nobody does.
    @Test func `is never wrong about what the others do`() {
        var settlings = 0
        for seed in 0..<200 as Range<UInt64> {
            var simulation = MembershipSimulation(seed: seed)
            simulation.run(steps: 3_000)
            settlings += simulation.settlings
            #expect(simulation.failure == nil, "seed \(seed)")
        }
        #expect(settlings > 500)
    }
}
