import Testing

@testable import Postgres

/// A dialogue with the machine, with a clock that stands until it is moved.
private struct Dialogue {
    var machine: PoolMachine
    var now: UInt64 = 1_000

    init(size: Int, adjust: (inout PoolLimits) -> Void = { _ in }) {
        var limits = PoolLimits(size: size)
        limits.pipelineDepth = 2
        adjust(&limits)
        machine = PoolMachine(limits)
    }

    mutating func shared(_ caller: Int, deadline: UInt64 = .max) -> [PoolMachine.Action] {
        machine.request(caller, .shared, deadline: deadline, now: now)
    }

    mutating func exclusive(_ caller: Int, deadline: UInt64 = .max) -> [PoolMachine.Action] {
        machine.request(caller, .exclusive, deadline: deadline, now: now)
    }

    mutating func connected(_ id: Int) -> [PoolMachine.Action] { machine.connected(id, now: now) }
    mutating func failed(_ id: Int) -> [PoolMachine.Action] { machine.connectFailed(id, now: now, jitter: 0) }
    mutating func finished(_ id: Int) -> [PoolMachine.Action] { machine.finished(id, now: now) }
    mutating func released(_ id: Int) -> [PoolMachine.Action] { machine.released(id, now: now) }
    mutating func lost(_ id: Int) -> [PoolMachine.Action] { machine.lost(id, now: now) }
    mutating func held(_ id: Int, _ isHeld: Bool) -> [PoolMachine.Action] { machine.setHeld(id, isHeld, now: now) }
    mutating func tick(after milliseconds: UInt64, isSharing: Bool = false) -> [PoolMachine.Action] {
        now += milliseconds
        return machine.tick(now: now, isSharing: isSharing)
    }
    mutating func close() -> [PoolMachine.Action] { machine.close(now: now) }

    /// With `count` connections, which nobody uses.
    static func connected(_ count: Int, size: Int, adjust: (inout PoolLimits) -> Void = { _ in }) -> Dialogue {
        var dialogue = Dialogue(size: size, adjust: adjust)
        for id in 1...count { #expect(dialogue.shared(-id) == [.open(id)]) }
        var leased = (1...count).flatMap { dialogue.connected($0) }
        while case .lease(_, let id)? = leased.popLast() { #expect(dialogue.finished(id) == []) }
        #expect(dialogue.machine.idle == count)
        return dialogue
    }
}

@Suite struct `The pool's machine, for callers` {
    @Test func `opens a connection for the first, and lends it when it is there`() {
        var dialogue = Dialogue(size: 2)
        #expect(dialogue.shared(1) == [.open(1)])
        #expect(dialogue.connected(1) == [.lease(1, 1)])
        #expect(dialogue.finished(1) == [])
        #expect(dialogue.shared(2) == [.lease(2, 1)])
    }

    @Test func `opens one for each who waits, up to its size`() {
        var dialogue = Dialogue(size: 2)
        #expect(dialogue.shared(1) == [.open(1)])
        #expect(dialogue.shared(2) == [.open(2)])
        #expect(dialogue.shared(3) == [])
        #expect(dialogue.connected(2) == [.lease(1, 2), .lease(2, 2)])
        #expect(dialogue.connected(1) == [.lease(3, 1)])
    }

    @Test func `lets shared callers join the least busy connection, and opens another meanwhile`() {
        var dialogue = Dialogue.connected(1, size: 2)
        #expect(dialogue.shared(1) == [.lease(1, 1)])
        #expect(dialogue.shared(2) == [.lease(2, 1), .open(2)])
        #expect(dialogue.connected(2) == [])
        #expect(dialogue.shared(3) == [.lease(3, 2)])
        #expect(dialogue.shared(4) == [.lease(4, 2)])
    }

    @Test func `lets nobody join beyond the depth of a pipeline`() {
        var dialogue = Dialogue.connected(1, size: 1)
        #expect(dialogue.shared(1) == [.lease(1, 1)])
        #expect(dialogue.shared(2) == [.lease(2, 1)])
        #expect(dialogue.shared(3) == [])
        #expect(dialogue.finished(1) == [.lease(3, 1)])
    }

    @Test func `lets nobody join a connection that has worked on one run for long`() {
        var dialogue = Dialogue.connected(2, size: 2)
        #expect(dialogue.shared(1) == [.lease(1, 1)])
        dialogue.now += dialogue.machine.limits.slowAfter
        #expect(dialogue.shared(2) == [.lease(2, 2)])
        #expect(dialogue.shared(3) == [.lease(3, 2)])
        #expect(dialogue.shared(4) == [])
        #expect(dialogue.finished(1) == [.lease(4, 1)])
    }

    @Test func `lends a connection to one exclusive caller alone`() {
        var dialogue = Dialogue.connected(1, size: 1)
        #expect(dialogue.exclusive(1) == [.lease(1, 1)])
        #expect(dialogue.shared(2) == [])
        #expect(dialogue.exclusive(3) == [])
        #expect(dialogue.released(1) == [.lease(2, 1)])
        #expect(dialogue.finished(1) == [.lease(3, 1)])
    }

    @Test func `keeps one connection for reads while transactions run`() {
        var dialogue = Dialogue.connected(2, size: 2)
        #expect(dialogue.exclusive(1) == [.lease(1, 1)])
        #expect(dialogue.exclusive(2) == [])
        #expect(dialogue.shared(3) == [.lease(3, 2)])
        #expect(dialogue.shared(4) == [.lease(4, 2)])
        #expect(dialogue.released(1) == [.lease(2, 1)])
    }

    @Test func `sets a connection aside for an exclusive caller who waits`() {
        var dialogue = Dialogue.connected(2, size: 2)
        #expect(dialogue.shared(1) == [.lease(1, 1)])
        #expect(dialogue.shared(2) == [.lease(2, 2)])
        #expect(dialogue.exclusive(3) == [])
        // All who come now share the other one.
        #expect(dialogue.shared(4) == [.lease(4, 2)])
        #expect(dialogue.shared(5) == [])
        #expect(dialogue.finished(1) == [.lease(3, 1)])
        #expect(dialogue.finished(2) == [.lease(5, 2)])
    }

    @Test func `takes both kinds in the order in which they came, on one connection`() {
        var dialogue = Dialogue.connected(1, size: 1)
        #expect(dialogue.exclusive(1) == [.lease(1, 1)])
        for caller in [2, 3] { #expect(dialogue.shared(caller) == []) }
        #expect(dialogue.exclusive(4) == [])
        for caller in [5, 6] { #expect(dialogue.shared(caller) == []) }
        #expect(dialogue.released(1) == [.lease(2, 1), .lease(3, 1)])
        #expect(dialogue.finished(1) == [])
        #expect(dialogue.finished(1) == [.lease(4, 1)])
        #expect(dialogue.released(1) == [.lease(5, 1), .lease(6, 1)])
    }

    @Test func `turns away who comes when the line is full`() {
        var dialogue = Dialogue.connected(1, size: 1) { $0.waiting = 2 }
        #expect(dialogue.exclusive(1) == [.lease(1, 1)])
        #expect(dialogue.shared(2) == [])
        #expect(dialogue.exclusive(3) == [])
        #expect(dialogue.shared(4) == [.refuse(4, .exhausted)])
        #expect(dialogue.exclusive(5) == [.refuse(5, .exhausted)])
    }

    @Test func `tells those in line when their deadline passed`() {
        var dialogue = Dialogue.connected(1, size: 1)
        #expect(dialogue.exclusive(1) == [.lease(1, 1)])
        #expect(dialogue.shared(2, deadline: dialogue.now + 100) == [])
        #expect(dialogue.exclusive(3, deadline: dialogue.now + 50) == [])
        #expect(dialogue.shared(4, deadline: dialogue.now) == [.refuse(4, .deadlineExceeded)])
        #expect(dialogue.tick(after: 49) == [])
        #expect(dialogue.tick(after: 1) == [.refuse(3, .deadlineExceeded)])
        #expect(dialogue.tick(after: 50) == [.refuse(2, .deadlineExceeded)])
        #expect(dialogue.released(1) == [])
        #expect(dialogue.machine.isQuiet)
    }

    @Test func `no longer sets a connection aside for one who gave up`() {
        var dialogue = Dialogue.connected(2, size: 2)
        #expect(dialogue.shared(1) == [.lease(1, 1)])
        #expect(dialogue.shared(2) == [.lease(2, 2)])
        #expect(dialogue.exclusive(3, deadline: dialogue.now + 10) == [])
        #expect(dialogue.tick(after: 10) == [.refuse(3, .deadlineExceeded)])
        #expect(dialogue.shared(4) == [.lease(4, 1)])
    }

    @Test func `lends nothing that is busy with a cancelled statement`() {
        var dialogue = Dialogue.connected(1, size: 1)
        #expect(dialogue.shared(1) == [.lease(1, 1)])
        #expect(dialogue.held(1, true) == [])
        #expect(dialogue.finished(1) == [])
        #expect(dialogue.shared(2) == [])
        #expect(dialogue.exclusive(3) == [])
        #expect(dialogue.held(1, false) == [.lease(2, 1)])
        #expect(dialogue.finished(1) == [.lease(3, 1)])
    }
}

@Suite struct `The pool's machine, for connections` {
    @Test func `fails all who wait when no connection can be made`() {
        var dialogue = Dialogue(size: 2)
        #expect(dialogue.shared(1) == [.open(1)])
        #expect(dialogue.exclusive(2) == [.open(2)])
        #expect(dialogue.shared(3) == [])
        #expect(dialogue.failed(1) == [])
        #expect(dialogue.failed(2) == [.refuse(1, .unreachable), .refuse(3, .unreachable), .refuse(2, .unreachable)])
        // Two attempts side by side were one failure.
        #expect(dialogue.machine.failures == 1)
    }

    @Test func `fails callers at once while the server is away, but for the one who probes`() {
        var dialogue = Dialogue(size: 4)
        #expect(dialogue.shared(1) == [.open(1)])
        #expect(dialogue.failed(1) == [.refuse(1, .unreachable)])
        #expect(dialogue.shared(2) == [.refuse(2, .unreachable)])
        dialogue.now += 50
        #expect(dialogue.shared(3) == [.open(2)])
        #expect(dialogue.shared(4) == [.refuse(4, .unreachable)])
        #expect(dialogue.connected(2) == [.lease(3, 2)])
        #expect(dialogue.shared(5) == [.lease(5, 2), .open(3)])
    }

    @Test func `looks for the server by itself after a growing pause`() {
        var dialogue = Dialogue(size: 4)
        #expect(dialogue.shared(1) == [.open(1)])
        _ = dialogue.failed(1)
        for (attempt, pause) in [50, 100, 200, 400, 800, 1_600, 2_000, 2_000].enumerated() as EnumeratedSequence<[UInt64]> {
            #expect(dialogue.tick(after: pause - 1) == [])
            #expect(dialogue.tick(after: 1) == [.open(attempt + 2)])
            #expect(dialogue.tick(after: 1) == [])
            #expect(dialogue.failed(attempt + 2) == [])
        }
    }

    @Test func `takes a random part of up to half off its pauses`() {
        let limits = PoolLimits()
        #expect(limits.pause(after: 0, jitter: 0.5) == 0)
        #expect(limits.pause(after: 1, jitter: 0) == 50)
        #expect(limits.pause(after: 1, jitter: 0.999) == 26)
        #expect(limits.pause(after: 3, jitter: 0.5) == 150)
        #expect(limits.pause(after: 100, jitter: 0) == 2_000)
    }

    @Test func `does not look for a server that nobody asked for`() {
        var dialogue = Dialogue(size: 4)
        #expect(dialogue.tick(after: 10_000) == [])
        #expect(dialogue.machine.isQuiet)
    }

    @Test func `replaces a connection that broke when the next caller comes`() {
        var dialogue = Dialogue.connected(2, size: 2)
        #expect(dialogue.lost(1) == [])
        #expect(dialogue.shared(1) == [.lease(1, 2)])
        #expect(dialogue.shared(2) == [.lease(2, 2), .open(3)])
    }

    @Test func `looks for the server when the last connection broke`() {
        var dialogue = Dialogue.connected(1, size: 2)
        #expect(dialogue.lost(1) == [])
        #expect(!dialogue.machine.isQuiet)
        #expect(dialogue.tick(after: 1) == [.open(2)])
        #expect(dialogue.connected(2) == [])
        #expect(dialogue.machine.isQuiet)
    }

    @Test func `opens another for those who wait when one breaks`() {
        var dialogue = Dialogue.connected(1, size: 1)
        #expect(dialogue.exclusive(1) == [.lease(1, 1)])
        #expect(dialogue.shared(2) == [])
        #expect(dialogue.lost(1) == [.open(2)])
        #expect(dialogue.released(1) == [])
        #expect(dialogue.connected(2) == [.lease(2, 2)])
    }

    @Test func `serves with the connections it has when the server gives no more`() {
        var dialogue = Dialogue.connected(1, size: 3)
        #expect(dialogue.exclusive(1) == [.lease(1, 1)])
        #expect(dialogue.exclusive(2) == [.open(2)])
        #expect(dialogue.failed(2) == [])
        #expect(dialogue.shared(3) == [])
        #expect(dialogue.released(1) == [.lease(2, 1)])
        #expect(dialogue.released(1) == [.lease(3, 1)])
        // And asks again later, one at a time.
        #expect(dialogue.exclusive(4) == [])
        dialogue.now += 50
        #expect(dialogue.exclusive(5) == [.open(3)])
    }

    @Test func `closes when all is done`() {
        var dialogue = Dialogue.connected(2, size: 2)
        #expect(dialogue.exclusive(1) == [.lease(1, 1)])
        #expect(dialogue.exclusive(2) == [])
        #expect(dialogue.shared(3) == [.lease(3, 2)])
        #expect(dialogue.close() == [])
        #expect(dialogue.shared(4) == [.refuse(4, .closed)])
        #expect(dialogue.finished(2) == [])
        // Nobody waits for the other one any more.
        #expect(dialogue.released(1) == [.lease(2, 1), .close(2)])
        #expect(dialogue.lost(2) == [])
        #expect(dialogue.released(1) == [.close(1)])
        #expect(dialogue.lost(1) == [])
        #expect(dialogue.machine.isClosed)
    }

    @Test func `tells those who wait that it is over, when the time to close is`() {
        var dialogue = Dialogue.connected(1, size: 1)
        #expect(dialogue.exclusive(1) == [.lease(1, 1)])
        #expect(dialogue.shared(2) == [])
        #expect(dialogue.close() == [])
        #expect(dialogue.machine.refuseAll(.closed) == [.refuse(2, .closed)])
        #expect(dialogue.released(1) == [.close(1)])
    }
}

@Suite struct `The pool's machine, for connections of no use` {
    @Test func `gives back what did nothing for long, and not what is used`() {
        var dialogue = Dialogue.connected(3, size: 3) { $0.idleTime = 1_000 }
        #expect(dialogue.tick(after: 900) == [])
        #expect(dialogue.shared(1) == [.lease(1, 1)])
        #expect(dialogue.exclusive(2) == [.lease(2, 2)])
        #expect(dialogue.tick(after: 100) == [.close(3)])
        #expect(dialogue.lost(3) == [])
        #expect(dialogue.finished(1) == [])
        #expect(dialogue.tick(after: 999) == [])
        #expect(dialogue.tick(after: 1) == [.close(1)])
        #expect(dialogue.lost(1) == [])
        #expect(dialogue.released(2) == [])
        #expect(dialogue.tick(after: 1_000) == [.close(2)])
        #expect(dialogue.lost(2) == [])
        // Nobody looks for the server until somebody needs it.
        #expect(dialogue.tick(after: 10_000) == [])
        #expect(dialogue.shared(3) == [.open(4)])
    }

    @Test func `lets one go while another pool has none, but never its last`() {
        var dialogue = Dialogue.connected(3, size: 4)
        #expect(dialogue.tick(after: 1, isSharing: true) == [.close(1)])
        #expect(dialogue.lost(1) == [])
        #expect(dialogue.tick(after: 1, isSharing: true) == [.close(2)])
        #expect(dialogue.lost(2) == [])
        #expect(dialogue.tick(after: 1, isSharing: true) == [])
        #expect(dialogue.exclusive(1) == [.lease(1, 3)])
        #expect(dialogue.shared(2) == [], "it opens no other meanwhile")
        #expect(dialogue.tick(after: 1, isSharing: true) == [])
        #expect(dialogue.tick(after: 1) == [.open(4)])
    }

    @Test func `lets one go that is in use when it is done, and gives it to nobody else`() {
        var dialogue = Dialogue.connected(2, size: 2)
        #expect(dialogue.shared(1) == [.lease(1, 1)])
        #expect(dialogue.shared(2) == [.lease(2, 2)])
        #expect(dialogue.tick(after: 1, isSharing: true) == [])
        #expect(dialogue.shared(3) == [.lease(3, 2)])
        #expect(dialogue.finished(1) == [.close(1)])
        #expect(dialogue.lost(1) == [])
        #expect(dialogue.finished(2) == [])
    }

    @Test func `opens its first though another pool has none`() {
        var dialogue = Dialogue(size: 2)
        #expect(dialogue.tick(after: 1, isSharing: true) == [])
        #expect(dialogue.shared(1) == [.open(1)])
    }
}

@Suite struct `The pool's machine, whatever happens` {
    /// Random events; after each of them, what must hold for all of them.
    @Test(arguments: 0..<40) func `answers each caller once and never lends a connection twice`(_ seed: UInt64) {
        var random = Xorshift(state: seed &* 0x9E37_79B9_7F4A_7C15 | 1)
        let size = Int.random(in: 1...4, using: &random)
        var dialogue = Dialogue(size: size) {
            $0.waiting = 6
            $0.idleTime = 500
        }
        var pending: [Int: PoolMachine.Use] = [:]
        var sharing: [Int: Int] = [:]
        var exclusive: Set<Int> = []
        var connecting: Set<Int> = []
        var connected: Set<Int> = []
        var next = 0

        func note(_ actions: [PoolMachine.Action]) {
            for action in actions {
                switch action {
                case .open(let id): connecting.insert(id)
                case .lease(let caller, let id):
                    let use = pending.removeValue(forKey: caller)
                    #expect(use != nil && connected.contains(id) && !exclusive.contains(id))
                    if use == .exclusive {
                        #expect(sharing[id, default: 0] == 0)
                        exclusive.insert(id)
                    } else {
                        sharing[id, default: 0] += 1
                        #expect(sharing[id]! <= dialogue.machine.limits.pipelineDepth)
                    }
                case .refuse(let caller, _): #expect(pending.removeValue(forKey: caller) != nil)
                case .close(let id):
                    #expect(connected.remove(id) != nil && sharing[id] == nil && !exclusive.contains(id))
                    note(dialogue.lost(id))
                }
            }
            #expect(connecting.count + connected.count <= size)
            #expect(exclusive.count <= dialogue.machine.limits.exclusive)
            #expect(pending.count == dialogue.machine.waiting)
        }

        for _ in 0..<600 {
            switch Int.random(in: 0..<12, using: &random) {
            case 0...3:
                next += 1
                let use: PoolMachine.Use = Bool.random(using: &random) ? .shared : .exclusive
                pending[next] = use
                let deadline = dialogue.now + UInt64.random(in: 0...300, using: &random)
                note(dialogue.machine.request(next, use, deadline: deadline, now: dialogue.now))
            case 4, 5, 6:
                if let id = sharing.keys.sorted().randomElement(using: &random) {
                    sharing[id] = sharing[id]! == 1 ? nil : sharing[id]! - 1
                    note(dialogue.finished(id))
                } else if let id = exclusive.sorted().randomElement(using: &random) {
                    exclusive.remove(id)
                    note(dialogue.released(id))
                }
            case 7:
                guard let id = exclusive.sorted().randomElement(using: &random) else { continue }
                exclusive.remove(id)
                note(dialogue.released(id))
            case 8:
                guard let id = connecting.sorted().randomElement(using: &random) else { continue }
                connecting.remove(id)
                if Int.random(in: 0..<3, using: &random) > 0 {
                    connected.insert(id)
                    note(dialogue.connected(id))
                } else {
                    note(dialogue.failed(id))
                }
            case 9:
                guard let id = connected.sorted().randomElement(using: &random) else { continue }
                connected.remove(id)
                exclusive.remove(id)
                sharing[id] = nil
                note(dialogue.lost(id))
            default:
                let isSharing = Int.random(in: 0..<4, using: &random) == 0
                note(dialogue.tick(after: UInt64.random(in: 0...60, using: &random), isSharing: isSharing))
            }
        }
        // In the end all who wait are served or told.
        for _ in 0..<200 {
            for id in Array(sharing.keys) { for _ in 0..<sharing.removeValue(forKey: id)! { note(dialogue.finished(id)) } }
            for id in Array(exclusive) where exclusive.remove(id) != nil { note(dialogue.released(id)) }
            for id in Array(connecting) where connecting.remove(id) != nil {
                connected.insert(id)
                note(dialogue.connected(id))
            }
            note(dialogue.tick(after: 20))
        }
        #expect(pending.isEmpty)
        #expect(dialogue.machine.isQuiet)
    }
}

private struct Xorshift: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
