import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A read that misses` {
    @Test func `takes the tokens, then loads, then stores under these tokens`() {
        let dialogue = Dialogue()
        let read = dialogue.read()
        #expect(dialogue.script.steps == [.look([.a], entry: "k")])
        dialogue.answer(look: [.a], entry: "k", [.token(3)])
        #expect(dialogue.script.steps == [.look([.a], entry: "k"), .load("k")])
        dialogue.answer(load: "k", "new")
        #expect(
            dialogue.script.steps == [
                .look([.a], entry: "k"), .load("k"), .store("k", tags: [.a], tokens: [3], keyspace: .first),
            ])
        #expect(read.text == "new")
        #expect(read.outcome == .stored)
    }

    @Test func `creates the tokens that are missing before it loads, and stores under what stands then`() {
        let dialogue = Dialogue()
        let read = dialogue.read(tags: [.a, .b])
        dialogue.answer(look: [.a, .b], entry: "k", [.token(3), .absent])
        #expect(dialogue.script.unanswered == [.place([.a, .b])], "the load waits for them")
        dialogue.answer(place: [.a, .b], [.token(4), .token(5)])
        dialogue.answer(load: "k", "new")
        #expect(read.outcome == .stored)
        #expect(
            dialogue.script.steps == [
                .look([.a, .b], entry: "k"), .place([.a, .b]), .load("k"),
                .store("k", tags: [.a, .b], tokens: [4, 5], keyspace: .first),
            ])
    }

    @Test func `serves what it stored from memory afterwards`() {
        let dialogue = Dialogue()
        dialogue.remember("new")
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        #expect(read.text == "new")
    }

    @Test func `stores in the keyspace that the tokens are of`() {
        let looked = Dialogue()
        _ = looked.read()
        looked.answer(look: [.a], entry: "k", [.token(3)], in: .second)
        looked.answer(load: "k", "new")
        #expect(looked.script.steps.last == .store("k", tags: [.a], tokens: [3], keyspace: .second))
        let created = Dialogue()
        _ = created.read()
        created.answer(look: [.a], entry: "k", [.absent], in: .first)
        created.answer(place: [.a], [.token(4)], in: .second)
        created.answer(load: "k", "new")
        #expect(created.script.steps.last == .store("k", tags: [.a], tokens: [4], keyspace: .second))
    }

    @Test func `stores each key for itself`() {
        let dialogue = Dialogue()
        let first = dialogue.read("k1")
        let second = dialogue.read("k2", tags: [.b])
        dialogue.answer(look: [.b], entry: "k2", [.token(2)])
        dialogue.answer(look: [.a], entry: "k1", [.token(1)])
        dialogue.answer(load: "k1", "1")
        dialogue.answer(load: "k2", "2")
        #expect(first.text == "1")
        #expect(second.text == "2")
        #expect(dialogue.cache.statistics.memoryEntries == 2)
    }

    @Test func `ends with the load's error, stores nothing, and is in nobody's way`() {
        let dialogue = Dialogue()
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.token(1)])
        dialogue.fail(load: "k", DomainError.deadlineExceeded)
        #expect(read.error as? DomainError == .deadlineExceeded)
        #expect(dialogue.script.steps == [.look([.a], entry: "k"), .load("k")])
        let next = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.token(1)])
        dialogue.answer(load: "k", "new")
        #expect(next.text == "new")
    }

    @Test func `does not keep in memory what is larger than it, and still stores it in the backend`() {
        let dialogue = Dialogue(CachePolicy(memoryBytes: 100))
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.token(1)])
        dialogue.answer(load: "k", "new")
        #expect(read.outcome == .stored)
        #expect(dialogue.script.steps.last == .store("k", tags: [.a], tokens: [1], keyspace: .first))
        #expect(dialogue.cache.statistics.memoryEntries == 0)
    }

    @Test func `gives what it stores the value's tag and its next page's cursor`() throws {
        let dialogue = Dialogue()
        let page = value("page", next: "after 50")
        _ = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.token(1)])
        dialogue.answer(load: "k", value: page)
        let stored = try #require(dialogue.backend.lastStored)
        #expect(stored.encoded?.next == "after 50")
        #expect(stored.encoded?.tag == page.tag)
    }
}
