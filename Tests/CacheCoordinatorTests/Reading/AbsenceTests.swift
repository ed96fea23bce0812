import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A read of what is not there` {
    /// Fills this worker's memory with the knowledge that there is nothing, under the token 1 of the tag a.
    private func dialogueThatKnowsOfNothing(_ policy: CachePolicy = CachePolicy()) -> Dialogue {
        let dialogue = Dialogue(policy)
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.token(1)])
        dialogue.answer(load: "k", nil)
        #expect(read.isAbsent)
        #expect(read.outcome == .stored)
        dialogue.script.forgetSteps()
        return dialogue
    }

    @Test func `takes the tokens, then loads, then stores under these tokens that there is nothing`() throws {
        let dialogue = Dialogue()
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.absent])
        dialogue.answer(place: [.a], [.token(4)])
        dialogue.answer(load: "k", nil)
        #expect(read.isAbsent)
        #expect(read.outcome == .stored)
        #expect(
            dialogue.script.steps == [
                .look([.a], entry: "k"), .place([.a]), .load("k"),
                .store("k", tags: [.a], tokens: [4], keyspace: .first),
            ])
        #expect(try #require(dialogue.backend.lastStored).encoded == nil)
        #expect(dialogue.cache.statistics.stored == 1)
    }

    @Test func `is a hit afterwards, once the backend says that the token still stands`() {
        let dialogue = dialogueThatKnowsOfNothing(CachePolicy(lifetime: 9))
        dialogue.now += 1
        let read = dialogue.read(coding: .gzip)
        #expect(!read.isOver, "nothing is answered before the backend's answer")
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        #expect(read.isAbsent)
        #expect(read.outcome == .hit(secondsLeft: 0))
        #expect(read.context.tags == [.a], "what was composed of it depends on it")
        dialogue.now += 9
        _ = dialogue.read()
        #expect(dialogue.script.unanswered == [.look([.a], entry: "k")], "it expires like a value")
    }

    @Test func `is a hit where another worker found out, and remembers it`() {
        let dialogue = Dialogue()
        let nothing = Entry(nil, tokens: .numbers(5), expires: dialogue.now + 7_000)
        let first = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.token(5)], stored: nothing)
        #expect(first.isAbsent)
        #expect(first.outcome == .hit(secondsLeft: 7))
        let second = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(5)])
        #expect(second.isAbsent)
    }

    @Test func `finds what was made since then`() {
        let dialogue = dialogueThatKnowsOfNothing()
        let early = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.writing])
        dialogue.answer(load: "k", nil)
        #expect(early.isAbsent)
        #expect(early.outcome == .bypass(.writeInFlight))
        let late = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.token(2)], stored: Entry(nil, tokens: .numbers(1)))
        dialogue.answer(load: "k", "made")
        #expect(late.text == "made")
        #expect(late.outcome == .stored)
        let next = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(2)])
        #expect(next.text == "made", "it took the place of nothing")
    }

    @Test func `takes the place of what was there`() {
        let dialogue = Dialogue()
        dialogue.remember("old")
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(2)])
        dialogue.answer(look: [.a], entry: "k", [.token(2)])
        dialogue.answer(load: "k", nil)
        #expect(read.isAbsent)
        let next = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(2)])
        #expect(next.isAbsent)
        #expect(next.outcome?.isHit == true)
    }

    @Test func `is kept under the tokens of all tags, if the load found more`() {
        let dialogue = Dialogue()
        let read = dialogue.read(tags: [.a])
        dialogue.answer(look: [.a], entry: "k", [.token(1)])
        dialogue.answer(load: "k", nil, tags: [.a, .b])
        #expect(!read.isOver, "b may have changed since there was nothing")
        dialogue.answer(look: [.b], entry: nil, [.token(2)])
        #expect(read.isAbsent)
        #expect(dialogue.script.steps.last == .store("k", tags: [.a, .b], tokens: [1, 2], keyspace: .first))
    }

    @Test func `does what the client demands of the cache`() {
        let dialogue = dialogueThatKnowsOfNothing()
        let only = dialogue.read(demand: .with { $0.onlyIfCached = true })
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        #expect(only.isAbsent)
        #expect(only.outcome?.isHit == true)
        dialogue.now += 4_000
        let stale = dialogue.read(demand: .with { $0.maximumStaleness = 5_000 })
        #expect(stale.isAbsent, "that there was nothing may be as old as a value")
        let unstored = dialogue.read(demand: .with { $0.isNotStored = true })
        dialogue.answer(load: "k", "made, past the service")
        #expect(unstored.text == "made, past the service")
        let anew = dialogue.read(demand: .with { $0.fromStore = true })
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        dialogue.answer(load: "k", nil)
        #expect(anew.isAbsent)
        #expect(anew.outcome == .request)
        #expect(dialogue.script.steps.last == .store("k", tags: [.a], tokens: [1], keyspace: .first))
    }

    @Test func `of many keys leaves in memory what others use meanwhile`() {
        let entries = (0..<10).map { Entry("value \($0)") }
        var memory = EntryMemory(capacity: 40 * entries[0].size)
        for (number, entry) in entries.enumerated() { memory.insert(entry, "used \(number)") }
        for unknown in 0..<10_000 {
            memory.insert(Entry(nil), "unknown \(unknown)")
            if unknown % 20 == 0 { for number in entries.indices { #expect(memory.entry("used \(number)") != nil) } }
        }
        #expect(memory.evictions > 9_900)
    }
}
