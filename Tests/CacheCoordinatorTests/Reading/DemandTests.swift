import Model
import Testing

@testable import CacheCoordinator

extension CacheDemand {
    static func with(_ change: (inout CacheDemand) -> Void) -> CacheDemand {
        var demand = CacheDemand()
        change(&demand)
        return demand
    }

    fileprivate static let storeOnly = with { $0.fromStore = true }
    fileprivate static let unstored = with { $0.isNotStored = true }
    fileprivate static let cachedOnly = with { $0.onlyIfCached = true }
}

@Suite struct `A read that has to come from the store` {
    @Test func `loads though there is a valid entry, and stores under the tokens that it took before`() {
        let dialogue = Dialogue()
        dialogue.remember("old")
        let read = dialogue.read(demand: .storeOnly)
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        dialogue.answer(load: "k", "new")
        #expect(read.text == "new")
        #expect(read.outcome == .request)
        #expect(
            dialogue.script.steps == [
                .look([.a], entry: nil), .load("k"), .store("k", tags: [.a], tokens: [1], keyspace: .first),
            ])
        let next = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        #expect(next.text == "new", "it took the old one's place")
        #expect(dialogue.cache.statistics.requested == 1)
    }

    @Test func `does not fetch an entry that this worker does not have`() {
        let dialogue = Dialogue()
        let read = dialogue.read(demand: .storeOnly)
        dialogue.answer(look: [.a], entry: nil, [.absent])
        dialogue.answer(place: [.a], [.token(2)])
        dialogue.answer(load: "k", "new")
        #expect(read.outcome == .request)
        #expect(dialogue.script.steps.last == .store("k", tags: [.a], tokens: [2], keyspace: .first))
    }

    @Test func `stores nothing while a write may commit, or without the cache`() {
        let dialogue = Dialogue()
        let first = dialogue.read(demand: .storeOnly)
        dialogue.answer(look: [.a], entry: nil, [.writing])
        dialogue.answer(load: "k", "new")
        let second = dialogue.read(demand: .storeOnly)
        dialogue.fail(.look([.a], entry: nil), .unreachable)
        dialogue.answer(load: "k", "newer")
        #expect([first.text, second.text] == ["new", "newer"])
        #expect([first.outcome, second.outcome] == [.request, .request])
        #expect(dialogue.cache.statistics.memoryEntries == 0)
    }

    @Test func `takes no load that began before it, though the tokens are the same`() {
        let dialogue = Dialogue()
        let first = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.token(1)])
        let second = dialogue.read(demand: .storeOnly)
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        #expect(dialogue.script.unanswered == [.load("k")])
        dialogue.answer(load: "k", "first")
        #expect(!second.isOver)
        dialogue.answer(load: "k", "second")
        #expect([first.text, second.text] == ["first", "second"])
    }

    @Test func `knows the tags that an entry had`() {
        let dialogue = Dialogue()
        _ = dialogue.read(tags: [.a])
        dialogue.answer(
            look: [.a], entry: "k", [.token(1)], stored: Entry("old", tags: [.a, .b], tokens: .numbers(1, 2)))
        dialogue.answer(look: [.a, .b], entry: nil, [.token(1), .token(2)])
        _ = dialogue.read(tags: [.a], demand: .storeOnly)
        #expect(dialogue.script.unanswered == [.look([.a, .b], entry: nil)])
    }
}

@Suite struct `A read of which nothing is to be stored` {
    @Test func `loads, and leaves the cache alone`() {
        let dialogue = Dialogue()
        dialogue.remember("old")
        let read = dialogue.read(demand: .unstored)
        #expect(dialogue.script.steps == [.load("k")])
        dialogue.answer(load: "k", "new")
        #expect(read.text == "new")
        #expect(read.outcome == .request)
        let next = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        #expect(next.text == "old")
    }
}

@Suite struct `A read that must not load` {
    @Test func `is served what is valid`() {
        let dialogue = Dialogue()
        let first = dialogue.read(demand: .cachedOnly)
        dialogue.answer(look: [.a], entry: "k", [.token(1)], stored: Entry("theirs"))
        #expect(first.text == "theirs")
        let second = dialogue.read(demand: .cachedOnly)
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        #expect(second.text == "theirs")
    }

    @Test(arguments: [TagState.token(2), .writing])
    func `fails when nothing is valid`(state: TagState) {
        let dialogue = Dialogue()
        dialogue.remember("old")
        let read = dialogue.read(demand: .cachedOnly)
        dialogue.answer(look: [.a], entry: nil, [state])
        if state != .writing { dialogue.answer(look: [.a], entry: "k", [state]) }
        #expect(read.error as? DomainError == .notCached)
        #expect(dialogue.script.unanswered.isEmpty)
    }

    @Test func `fails when the cache cannot be asked`() {
        let dialogue = Dialogue()
        let read = dialogue.read(demand: .cachedOnly)
        dialogue.fail(.look([.a], entry: "k"), .unreachable)
        #expect(read.error as? DomainError == .notCached)
    }

    @Test func `fails when it must come from the store too`() {
        let dialogue = Dialogue()
        for change in [{ $0.fromStore = true }, { $0.isNotStored = true }] as [(inout CacheDemand) -> Void] {
            var demand = CacheDemand.cachedOnly
            change(&demand)
            #expect(dialogue.read(demand: demand).error as? DomainError == .notCached)
        }
        #expect(dialogue.script.steps.isEmpty)
    }
}

@Suite struct `A read that may be stale` {
    private func maximum(_ milliseconds: Int64) -> CacheDemand { .with { $0.maximumStaleness = milliseconds } }

    @Test func `is served from memory without asking, if that was valid so short a time ago`() {
        let dialogue = Dialogue()
        dialogue.remember("old")
        dialogue.now += 4_999
        let read = dialogue.read(demand: maximum(5_000))
        #expect(read.text == "old")
        #expect(dialogue.script.steps.isEmpty)
        dialogue.now += 1
        _ = dialogue.read(demand: maximum(5_000))
        #expect(dialogue.script.steps == [.look([.a], entry: nil)])
    }

    @Test func `makes no later read stale`() {
        let dialogue = Dialogue()
        dialogue.remember("old")
        _ = dialogue.read(demand: maximum(5_000))
        let strict = dialogue.read(demand: maximum(0))
        #expect(!strict.isOver)
        dialogue.now += 5_000
        _ = dialogue.read(demand: maximum(5_000))
        #expect(dialogue.script.steps.count == 2, "serving it unasked did not make it younger")
    }

    @Test func `is not served what has expired, however stale it may be`() {
        let dialogue = Dialogue(CachePolicy(lifetime: 9))
        dialogue.remember("old")
        dialogue.now += 9
        _ = dialogue.read(demand: maximum(.max))
        #expect(dialogue.script.steps == [.look([.a], entry: "k")])
    }

    @Test func `is not served what was found to be invalid`() {
        let dialogue = Dialogue()
        dialogue.remember("old")
        _ = dialogue.read(demand: .cachedOnly)
        dialogue.answer(look: [.a], entry: nil, [.token(2)])
        dialogue.answer(look: [.a], entry: "k", [.token(2)])
        let read = dialogue.read(demand: maximum(5_000))
        #expect(!read.isOver)
    }

    @Test func `asks when it must not be as old as the service lets it`() {
        let dialogue = Dialogue(CachePolicy(freshnessBound: 1_000))
        dialogue.remember("old")
        dialogue.now += 10
        #expect(dialogue.read().text == "old")
        _ = dialogue.read(demand: .with { $0.maximumAge = 0 })
        #expect(dialogue.script.steps == [.look([.a], entry: nil)])
        #expect(dialogue.read(demand: .with { ($0.maximumAge, $0.maximumStaleness) = (0, 11) }).text == "old")
    }
}
