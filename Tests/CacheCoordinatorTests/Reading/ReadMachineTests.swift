import Model
import Testing

@testable import CacheCoordinator

/// Dialogues with the machine, without a cache: what it is told, and what it wants next.
@Suite struct `A read, step by step` {
    private static let start: Int64 = 1_000_000

    private func machine(_ demand: CacheDemand = CacheDemand(), mayBeAbsent: Bool = true) -> ReadMachine {
        ReadMachine("k", mayBeAbsent: mayBeAbsent, demand, start: Self.start)
    }

    private func begin(_ machine: inout ReadMachine, own: Entry? = nil, bound: Int64 = 0) -> String {
        told(machine.begin(own: own, freshnessBound: bound) { [.a] })
    }

    private func look(_ states: TagState..., stored: Entry? = nil) -> CacheLook {
        CacheLook(keyspace: .first, tags: states, entry: stored?.bytes)
    }

    private func loaded(_ tags: Tag..., seeing evidence: ReadEvidence = .quiet) -> Loaded {
        Loaded(encoded: value("loaded"), tags: tags, evidence: evidence)
    }

    /// An action in a few words.
    private func told(_ action: ReadMachine.Action) -> String {
        func names(_ tags: [Tag]) -> String { tags.map(\.name).joined(separator: ",") }
        func kept(_ finding: Finding) -> String {
            let made = Dictionary(uniqueKeysWithValues: finding.changes.map { ($0.tag, $0.to) })
            guard let (tags, tokens) = finding.kept else {
                return "nothing, " + finding.changes.map { "\($0.tag.name)=\($0.to.text)" }.joined(separator: ",")
            }
            return zip(tags, tokens).map { tag, token in
                guard case .token(_, let stamp) = made[tag] else { return "\(tag.name)=\(token.value)" }
                return "\(tag.name)=new@\(stamp)"
            }.joined(separator: ",")
        }
        return switch action {
        case .serve(let entry, let standing): "serve \(entry.encoded?.text ?? "nothing"), \(standing)"
        case .look(let tags, nil): "look \(names(tags))"
        case .look(let tags, let key?): "look \(names(tags)) and \(key)"
        case .place(let tags): "place \(names(tags))"
        case .confirm: "confirm"
        case .forget: "forget"
        case .load(let asksWhoWrites, _): "load\(asksWhoWrites ? ", asking who writes" : "")"
        case .finish(let finding, let outcome): "\(finding.map { "keep \(kept($0))" } ?? "keep nothing"), \(outcome)"
        case .passThrough(let outcome): "pass through, \(outcome)"
        case .refuse: "refuse"
        }
    }

    // MARK: Hits

    @Test func `serves what the worker has if its tags have its tokens`() {
        var read = machine()
        #expect(begin(&read, own: Entry()) == "look a")
        #expect(told(read.looked(look(.token(1)))) == "serve value, own")
    }

    @Test func `serves without asking what is young enough`() {
        var read = machine()
        #expect(begin(&read, own: Entry(validated: Self.start - 4), bound: 5) == "serve value, unasked")
        read = machine()
        #expect(begin(&read, own: Entry(validated: Self.start - 5), bound: 5) == "look a")
        read = machine()
        #expect(begin(&read, own: Entry(validated: Self.start + 1), bound: 5) == "look a", "the clock was set back")
    }

    @Test func `serves what the backend has`() {
        var read = machine()
        #expect(begin(&read) == "look a and k")
        #expect(told(read.looked(look(.token(1), stored: Entry()))) == "serve value, found")
    }

    @Test func `asks again for the tags of an entry that has others than were known`() {
        var read = machine()
        #expect(begin(&read) == "look a and k")
        let entry = Entry(tags: [.b, .a], tokens: .numbers(2, 1))
        #expect(told(read.looked(look(.token(1), stored: entry))) == "look b,a")
        #expect(told(read.looked(look(.token(2), .token(1)))) == "serve value, found")
    }

    // MARK: Misses

    @Test func `loads, and keeps the value with the tokens that it looked at before`() {
        var read = machine()
        _ = begin(&read)
        #expect(told(read.looked(look(.token(3)))) == "load")
        #expect(told(read.loaded(loaded(.a, seeing: .seen(next: 5, running: [2])), isOurs: true) { [.a] }) == "keep a=3, stored")
    }

    @Test func `keeps nothing of what another read loaded`() {
        var read = machine()
        _ = begin(&read)
        _ = read.looked(look(.token(3)))
        #expect(told(read.loaded(loaded(.a), isOurs: false) { [.a] }) == "keep nothing, collapsed")
    }

    @Test func `has a placeholder put where nothing is known, and asks who writes`() {
        var read = machine()
        _ = begin(&read)
        #expect(told(read.looked(look(.absent))) == "place a")
        #expect(told(read.placed(look(.placeholder(4)))) == "load, asking who writes")
        #expect(told(read.loaded(loaded(.a, seeing: .seen(next: 9)), isOurs: true) { [.a] }) == "keep a=new@9, stored")
        read = machine()
        _ = begin(&read)
        _ = read.looked(look(.absent))
        #expect(told(read.placed(look(.token(4)))) == "load", "somebody else was quicker")
    }

    @Test func `passes through if a placeholder is gone at once`() {
        var read = machine()
        _ = begin(&read)
        _ = read.looked(look(.absent))
        #expect(told(read.placed(look(.absent))) == "pass through, bypass(Model.CacheOutcome.Bypass.changing)")
    }

    @Test func `keeps nothing while a writer runs, and leaves behind for whom the next one has to wait`() {
        var read = machine()
        _ = begin(&read)
        #expect(told(read.looked(look(.mark(2, 7)))) == "load")
        let running = ReadEvidence.seen(next: 7, writers: nil)
        #expect(
            told(read.loaded(loaded(.a, seeing: running), isOurs: true) { [.a] })
                == "keep nothing, bypass(Model.CacheOutcome.Bypass.writeInFlight)")
        read = machine()
        _ = begin(&read)
        _ = read.looked(look(.absent))
        _ = read.placed(look(.placeholder(4)))
        #expect(
            told(read.loaded(loaded(.a, seeing: .seen(next: 7, writers: [8])), isOurs: true) { [.a] })
                == "keep nothing, a=!0000000000000004@7;8, bypass(Model.CacheOutcome.Bypass.writeInFlight)")
    }

    @Test func `looks again when a load is over that it waited for`() {
        var read = machine()
        _ = begin(&read)
        _ = read.looked(look(.token(1)))
        #expect(told(read.waited(own: Entry())) == "look a")
        #expect(told(read.looked(look(.token(1)))) == "serve value, own")
        read = machine()
        _ = begin(&read)
        _ = read.looked(look(.token(1)))
        #expect(told(read.waited(own: nil)) == "look a and k", "it was too large to be kept here")
        #expect(told(read.looked(look(.token(1)))) == "load")
        #expect(told(read.loaded(loaded(.a), isOurs: true) { [.a] }) == "keep a=1, collapsed")
    }

    @Test func `drops its own entry when that is not valid, and looks whether the backend has a newer one`() {
        var read = machine()
        _ = begin(&read, own: Entry())
        #expect(told(read.looked(look(.token(2)))) == "forget")
        #expect(told(read.forgot()) == "look a and k")
        #expect(told(read.looked(look(.token(2), stored: Entry("newer", tokens: .numbers(2))))) == "serve newer, found")
        read = machine()
        _ = begin(&read, own: Entry())
        #expect(told(read.looked(look(.absent))) == "forget")
        #expect(told(read.forgot()) == "place a")
        read = machine()
        _ = begin(&read, own: Entry())
        #expect(told(read.looked(look(.writing))) == "forget")
        #expect(told(read.forgot()) == "load", "no other entry can be valid either")
    }

    @Test func `looks for another one when its own has expired, and takes none from the backend that has`() {
        var read = machine()
        #expect(begin(&read, own: Entry(expires: Self.start)) == "look a and k")
        #expect(told(read.looked(look(.token(1), stored: Entry(expires: Self.start)))) == "load")
    }

    @Test func `looks after the load at tags that it found`() {
        var read = machine()
        _ = begin(&read)
        _ = read.looked(look(.token(1)))
        #expect(told(read.loaded(loaded(.a, .b, seeing: .seen(next: 9)), isOurs: true) { [.a] }) == "look b")
        #expect(told(read.looked(look(.token(2, stamp: 9)))) == "keep a=1,b=2, stored")
        read = machine()
        _ = begin(&read)
        _ = read.looked(look(.token(1)))
        _ = read.loaded(loaded(.a, .b, seeing: .seen(next: 9)), isOurs: true) { [.a] }
        #expect(told(read.looked(look(.token(2, stamp: 10)))) == "look a,b")
        #expect(told(read.looked(look(.token(1), .token(2, stamp: 10)))) == "load")
        read = machine()
        _ = begin(&read)
        _ = read.looked(look(.token(1)))
        _ = read.loaded(loaded(.a, .b, seeing: .seen(next: 9)), isOurs: true) { [.a] }
        #expect(told(read.looked(look(.absent))) == "place b")
        #expect(told(read.placed(look(.placeholder(3)))) == "confirm")
        #expect(told(read.confirmed(.seen(next: 9))) == "keep a=1,b=new@9, stored")
    }

    @Test func `forgets a tag on which the value does not depend any more`() {
        var read = machine()
        _ = begin(&read, own: Entry(tags: [.a, .b], tokens: .numbers(1, 1)))
        _ = read.looked(look(.token(1), .token(2)))
        _ = read.forgot()
        #expect(told(read.looked(look(.token(1), .token(2)))) == "load")
        #expect(told(read.loaded(loaded(), isOurs: true) { [.a] }) == "keep a=1, stored")
    }

    // MARK: Without the cache

    @Test(arguments: [
        (CacheUnavailable.unreachable, "unreachable"), (.timedOut, "unreachable"), (.refused("no"), "unreachable"),
        (.closed, "closed"),
    ])
    func `passes through when the backend cannot say`(failure: CacheUnavailable, reason: String) {
        for isPlacing in [false, true] {
            var read = machine()
            _ = begin(&read)
            if isPlacing { _ = read.looked(look(.absent)) }
            #expect(told(read.failed(failure)) == "pass through, bypass(Model.CacheOutcome.Bypass.\(reason))")
        }
    }

    // MARK: Demands

    @Test func `asks nobody for who wants nothing kept`() {
        var demand = CacheDemand()
        demand.isNotStored = true
        var read = machine(demand)
        #expect(begin(&read, own: Entry()) == "pass through, request")
    }

    @Test func `loads for who wants the store's value, whatever the cache has`() {
        var demand = CacheDemand()
        demand.fromStore = true
        var read = machine(demand)
        #expect(begin(&read, own: Entry()) == "look a")
        #expect(told(read.looked(look(.token(1)))) == "load")
        #expect(told(read.loaded(loaded(.a), isOurs: true) { [.a] }) == "keep a=1, request")
    }

    @Test func `refuses who wants nothing but the cache's value, wherever it would go on`() {
        var demand = CacheDemand()
        demand.onlyIfCached = true
        let ends: [(inout ReadMachine) -> ReadMachine.Action] = [
            { $0.looked(look(.token(1))) }, { $0.looked(look(.writing)) }, { $0.failed(.unreachable) },
        ]
        for end in ends {
            var read = machine(demand)
            _ = begin(&read)
            #expect(told(end(&read)) == "refuse")
        }
        var read = machine(demand)
        _ = begin(&read)
        #expect(told(read.looked(look(.token(1), stored: Entry()))) == "serve value, found")
        demand.fromStore = true
        read = machine(demand)
        #expect(begin(&read, own: Entry()) == "refuse")
    }

    // MARK: What is none

    @Test func `takes an entry that says that there is nothing only where that can be`() {
        var read = machine()
        _ = begin(&read)
        #expect(told(read.looked(look(.token(1), stored: Entry(nil)))) == "serve nothing, found")
        read = machine(mayBeAbsent: false)
        _ = begin(&read)
        #expect(told(read.looked(look(.token(1), stored: Entry(nil)))) == "load")
        #expect(read.unusable == 1)
    }

    @Test func `counts bytes that are no entry, and loads`() {
        var read = machine()
        _ = begin(&read)
        let look = CacheLook(keyspace: .first, tags: [.token(1)], entry: [1, 2, 3])
        #expect(told(read.looked(look)) == "load")
        #expect(read.unusable == 1)
    }
}
