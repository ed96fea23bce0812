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

    private func loaded(_ tags: Tag...) -> Loaded { Loaded(encoded: value("loaded"), tags: tags) }

    /// An action in a few words.
    private func told(_ action: ReadMachine.Action) -> String {
        func names(_ tags: [Tag]) -> String { tags.map(\.name).joined(separator: ",") }
        func tokens(_ captured: Captured) -> String {
            zip(captured.tags, captured.tokens).map { "\($0.name)=\($1.value)" }.joined(separator: ",")
        }
        return switch action {
        case .serve(let entry, let standing): "serve \(entry.encoded?.text ?? "nothing"), \(standing)"
        case .look(let tags, nil): "look \(names(tags))"
        case .look(let tags, let key?): "look \(names(tags)) and \(key)"
        case .createTokens(let tags): "create \(names(tags))"
        case .forget: "forget"
        case .load(let captured): "load under \(tokens(captured))"
        case .finish(let kept, let outcome): "\(kept.map { "keep \(tokens($0))" } ?? "keep nothing"), \(outcome)"
        case .passThrough(let outcome): "pass through, \(outcome)"
        case .refuse: "refuse"
        }
    }

    // MARK: Hits

    @Test func `serves what the worker has if its tags have its tokens`() {
        var read = machine()
        #expect(begin(&read, own: Entry()) == "look a")
        #expect(told(read.looked(look(.version(1)))) == "serve value, own")
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
        #expect(told(read.looked(look(.version(1), stored: Entry()))) == "serve value, found")
    }

    @Test func `asks again for the tags of an entry that has others than were known`() {
        var read = machine()
        #expect(begin(&read) == "look a and k")
        let entry = Entry(tags: [.b, .a], tokens: .numbers(2, 1))
        #expect(told(read.looked(look(.version(1), stored: entry))) == "look b,a")
        #expect(told(read.looked(look(.version(2), .version(1)))) == "serve value, found")
    }

    // MARK: Misses

    @Test func `loads under the tokens that it looked at, and keeps the value with them`() {
        var read = machine()
        _ = begin(&read)
        #expect(told(read.looked(look(.version(3)))) == "load under a=3")
        #expect(told(read.loaded(loaded(.a), isOurs: true) { [.a] }) == "keep a=3, stored")
    }

    @Test func `keeps nothing of what another read loaded`() {
        var read = machine()
        _ = begin(&read)
        _ = read.looked(look(.version(3)))
        #expect(told(read.loaded(loaded(.a), isOurs: false) { [.a] }) == "keep nothing, collapsed")
    }

    @Test func `has tokens made where there are none, and passes through if they are gone at once`() {
        var read = machine()
        _ = begin(&read)
        #expect(told(read.looked(look(.absent))) == "create a")
        #expect(told(read.created(look(.version(4)))) == "load under a=4")
        read = machine()
        _ = begin(&read)
        _ = read.looked(look(.absent))
        #expect(told(read.created(look(.absent))) == "pass through, bypass(Model.CacheOutcome.Bypass.changing)")
    }

    @Test func `drops its own entry when that is not valid, and looks whether the backend has a newer one`() {
        var read = machine()
        _ = begin(&read, own: Entry())
        #expect(told(read.looked(look(.version(2)))) == "forget")
        #expect(told(read.forgot()) == "look a and k")
        #expect(told(read.looked(look(.version(2), stored: Entry("newer", tokens: .numbers(2))))) == "serve newer, found")
        read = machine()
        _ = begin(&read, own: Entry())
        #expect(told(read.looked(look(.absent))) == "forget")
        #expect(told(read.forgot()) == "create a")
    }

    @Test func `looks for another one when its own has expired, and takes none from the backend that has`() {
        var read = machine()
        #expect(begin(&read, own: Entry(expires: Self.start)) == "look a and k")
        #expect(told(read.looked(look(.version(1), stored: Entry(expires: Self.start)))) == "load under a=1")
    }

    @Test func `captures the tokens of tags that a load found before it loads again, and gives up when they never end`() {
        var read = machine()
        _ = begin(&read)
        _ = read.looked(look(.version(1)))
        #expect(told(read.loaded(loaded(.a, .b), isOurs: true) { [.a] }) == "look a,b and k")
        #expect(told(read.looked(look(.version(1), .version(2)))) == "load under a=1,b=2")
        #expect(told(read.loaded(loaded(.a, .b), isOurs: true) { [.a] }) == "keep a=1,b=2, stored")
        read = machine()
        _ = begin(&read)
        var told = ""
        for number in 1...3 {
            _ = read.looked(look(.version(1), .version(1), .version(1), .version(1)))
            told = self.told(read.loaded(loaded(Tag("new \(number)")), isOurs: true) { [.a] })
        }
        #expect(told == "pass through, bypass(Model.CacheOutcome.Bypass.changing)")
    }

    @Test func `forgets a tag on which the value does not depend any more`() {
        var read = machine()
        _ = begin(&read, own: Entry(tags: [.a, .b], tokens: .numbers(1, 1)))
        _ = read.looked(look(.version(1), .version(2)))
        _ = read.forgot()
        #expect(told(read.looked(look(.version(1), .version(2)))) == "load under a=1,b=2")
        #expect(told(read.loaded(loaded(), isOurs: true) { [.a] }) == "keep a=1, stored")
    }

    // MARK: Without the cache

    @Test(arguments: [
        (CacheUnavailable.unreachable, "unreachable"), (.timedOut, "unreachable"), (.refused("no"), "unreachable"),
        (.holdOff, "holdOff"),
    ])
    func `passes through when the backend cannot say`(failure: CacheUnavailable, reason: String) {
        for isCreating in [false, true] {
            var read = machine()
            _ = begin(&read)
            if isCreating { _ = read.looked(look(.absent)) }
            #expect(told(read.failed(failure)) == "pass through, bypass(Model.CacheOutcome.Bypass.\(reason))")
        }
    }

    @Test func `passes through while a write may commit, and keeps its entry`() {
        var read = machine()
        _ = begin(&read, own: Entry())
        #expect(told(read.looked(look(.intent))) == "pass through, bypass(Model.CacheOutcome.Bypass.writeInFlight)")
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
        #expect(told(read.looked(look(.version(1)))) == "load under a=1")
        #expect(told(read.loaded(loaded(.a), isOurs: true) { [.a] }) == "keep a=1, request")
    }

    @Test func `refuses who wants nothing but the cache's value, wherever it would go on`() {
        var demand = CacheDemand()
        demand.onlyIfCached = true
        let ends: [(inout ReadMachine) -> ReadMachine.Action] = [
            { $0.looked(look(.version(1))) }, { $0.looked(look(.intent)) }, { $0.failed(.unreachable) },
        ]
        for end in ends {
            var read = machine(demand)
            _ = begin(&read)
            #expect(told(end(&read)) == "refuse")
        }
        var read = machine(demand)
        _ = begin(&read)
        #expect(told(read.looked(look(.version(1), stored: Entry()))) == "serve value, found")
        demand.fromStore = true
        read = machine(demand)
        #expect(begin(&read, own: Entry()) == "refuse")
    }

    // MARK: What is none

    @Test func `takes an entry that says that there is nothing only where that can be`() {
        var read = machine()
        _ = begin(&read)
        #expect(told(read.looked(look(.version(1), stored: Entry(nil)))) == "serve nothing, found")
        read = machine(mayBeAbsent: false)
        _ = begin(&read)
        #expect(told(read.looked(look(.version(1), stored: Entry(nil)))) == "load under a=1")
        #expect(read.unusable == 1)
    }

    @Test func `counts bytes that are no entry, and loads`() {
        var read = machine()
        _ = begin(&read)
        let look = CacheLook(keyspace: .first, tags: [.version(1)], entry: [1, 2, 3])
        #expect(told(read.looked(look)) == "load under a=1")
        #expect(read.unusable == 1)
    }
}
