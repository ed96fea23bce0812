import LarderTesting

@testable import CacheCoordinator

/// Some members, the row that they share, and a clock, as one who stands above them sees them. What each does next waits until
/// chance chooses it, and the answers that it waits for may come at any time.
struct MembershipSimulation {
    private struct Member {
        let id: String
        var machine: MembershipMachine
        var grant: CacheLease.Grant?
        /// What it is about to do, in order.
        var plans: [MembershipMachine.Action] = []
        /// The answer that is on its way, and when its question was sent.
        var answer: (row: CacheRow, sentAt: UInt64?)?
        var isDead = false
    }

    private var numbers: SeededNumbers
    private var members: [Member] = []
    private var listed: [String: CacheMember] = [:]
    private var row = CacheRow(epoch: 1, isOpen: false, life: nil, keyspace: Keyspace("1"), isSameHistory: true)
    private var now: UInt64 = 1_000
    private var nextID = 0
    private(set) var settlings = 0
    private(set) var failure: String?

    init(seed: UInt64) {
        numbers = SeededNumbers(seed: seed)
        for _ in 0..<3 { addMember() }
    }

    mutating func run(steps: Int) {
        for _ in 0..<steps where failure == nil { step() }
    }

    private mutating func chance(_ cases: Int) -> Bool { Int.random(in: 0..<cases, using: &numbers) == 0 }

    private mutating func addMember() {
        nextID += 1
        // Not all are set to the same.
        var member = Member(id: "\(nextID)", machine: MembershipMachine(length: chance(3) ? 300 : 100, margin: 10))
        _ = member.machine.reached("L")
        member.plans = [.renew]
        members.append(member)
    }

    private mutating func step() {
        now += UInt64.random(in: 0...(chance(20) ? 60 : 3), using: &numbers)
        let index = Int.random(in: members.indices, using: &numbers)
        if members[index].isDead { return }
        if chance(400) { return die(index) }
        if let (row, sentAt) = members[index].answer, chance(2) {
            members[index].answer = nil
            plan(index, members[index].machine.learned(row, sentAt: sentAt, now: now))
        } else if !members[index].plans.isEmpty {
            act(index, members[index].plans.removeFirst())
        } else if chance(30) {
            // A write that nobody could announce.
            close(index, row.epoch)
        } else {
            check(index)
            members[index].plans = [chance(4) ? .count : .renew]
        }
    }

    /// What comes of it later. Taking the permission away waits for nobody.
    private mutating func plan(_ index: Int, _ actions: [MembershipMachine.Action]) {
        for action in actions {
            if case .grant(let grant) = action { members[index].grant = grant } else { members[index].plans.append(action) }
        }
    }

    private mutating func die(_ index: Int) {
        members[index].isDead = true
        addMember()
    }

    private mutating func act(_ index: Int, _ action: MembershipMachine.Action) {
        let id = members[index].id
        switch action {
        case .grant: break
        case .renew:
            let machine = members[index].machine
            listed[id] = CacheMember(id: id, obeys: machine.obeys, life: machine.life, lease: machine.length, isLive: true)
            members[index].answer = (row, now)
        case .count, .countLater:
            plan(index, members[index].machine.counted(Array(listed.values), now: now))
        case .close(let epoch): close(index, epoch)
        case .open(let epoch, let forgotten):
            guard !row.isOpen, row.epoch == epoch else { return }
            for laggard in forgotten { listed[laggard] = nil }
            change(isOpen: true)
        }
    }

    private mutating func close(_ index: Int, _ epoch: UInt64) {
        if row.isOpen, row.epoch == epoch { change(isOpen: false) }
        members[index].answer = (row, nil)
    }

    private mutating func change(isOpen: Bool) {
        row.epoch += 1
        row.isOpen = isOpen
        row.life = "L"
        row.keyspace = Keyspace("\(row.epoch)")
    }

    /// One who wants to write without announcing asks whether it may.
    private mutating func check(_ index: Int) {
        guard !row.isOpen else { return }
        plan(index, members[index].machine.learned(row, sentAt: nil, now: now))
        guard members[index].machine.settle(Array(listed.values), now: now).isSettled else { return }
        settlings += 1
        for member in members {
            if let grant = member.grant, now < grant.end {
                failure =
                    "\(member.id) uses \(grant.keyspace.name) at \(now), though \(row.epoch) is closed for \(members[index].id)"
            }
        }
    }
}
