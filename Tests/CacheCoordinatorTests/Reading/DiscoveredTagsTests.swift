import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A load that finds more tags` {
    @Test func `is repeated under their tokens, and stored with all of them`() {
        let dialogue = Dialogue()
        let read = dialogue.read(tags: [.a])
        dialogue.answer(look: [.a], entry: "k", [.version(1)])
        dialogue.answer(load: "k", "too early", tags: [.b])
        #expect(!read.isOver, "b may have changed since the value was loaded")
        dialogue.answer(look: [.a, .b], entry: "k", [.version(1), .absent])
        dialogue.answer(createTokens: [.a, .b], [.version(1), .version(2)])
        dialogue.answer(load: "k", "new", tags: [.b])
        #expect(read.text == "new")
        #expect(read.outcome == .stored)
        #expect(
            dialogue.script.steps == [
                .look([.a], entry: "k"), .load("k"), .look([.a, .b], entry: "k"), .createTokens([.a, .b]), .load("k"),
                .store("k", tags: [.a, .b], tokens: [1, 2], keyspace: .first),
            ])
    }

    @Test func `is not repeated if it records what was known`() {
        let dialogue = Dialogue()
        let read = dialogue.read(tags: [.a, .b])
        dialogue.answer(look: [.a, .b], entry: "k", [.version(1), .version(2)])
        dialogue.answer(load: "k", "new", tags: [.b, .a])
        #expect(read.outcome == .stored)
    }

    @Test func `finds its tags known the next time, by the entry`() {
        let dialogue = Dialogue()
        _ = dialogue.read(tags: [.a])
        dialogue.answer(look: [.a], entry: "k", [.version(1)])
        dialogue.answer(load: "k", "too early", tags: [.b])
        dialogue.answer(look: [.a, .b], entry: "k", [.version(1), .version(2)])
        dialogue.answer(load: "k", "old", tags: [.b])
        dialogue.script.forgetSteps()
        // The entry is invalid, and its tags are known all the same: one load is enough.
        let read = dialogue.read(tags: [.a])
        dialogue.answer(look: [.a, .b], entry: nil, [.version(1), .version(3)])
        dialogue.answer(look: [.a, .b], entry: "k", [.version(1), .version(3)])
        dialogue.answer(load: "k", "new", tags: [.b])
        #expect(read.text == "new")
        #expect(
            dialogue.script.steps == [
                .look([.a, .b], entry: nil), .look([.a, .b], entry: "k"), .load("k"),
                .store("k", tags: [.a, .b], tokens: [1, 3], keyspace: .first),
            ])
    }

    @Test func `forgets those that the value does not depend on any more`() {
        let dialogue = Dialogue()
        _ = dialogue.read(tags: [.a, .b])
        dialogue.answer(look: [.a, .b], entry: "k", [.version(1), .version(2)])
        dialogue.answer(load: "k", "with b", tags: [.a, .b])
        dialogue.script.forgetSteps()
        let read = dialogue.read(tags: [.a])
        dialogue.answer(look: [.a, .b], entry: nil, [.version(1), .version(3)])
        dialogue.answer(look: [.a, .b], entry: "k", [.version(1), .version(3)])
        dialogue.answer(load: "k", "without b", tags: [.a])
        #expect(read.text == "without b")
        #expect(dialogue.script.steps.last == .store("k", tags: [.a], tokens: [1], keyspace: .first))
    }

    @Test func `may find that another worker stored the value meanwhile`() {
        let dialogue = Dialogue()
        let read = dialogue.read(tags: [.a])
        dialogue.answer(look: [.a], entry: "k", [.version(1)])
        dialogue.answer(load: "k", "too early", tags: [.b])
        let stored = Entry("theirs", tags: [.a, .b], tokens: .numbers(1, 2))
        dialogue.answer(look: [.a, .b], entry: "k", [.version(1), .version(2)], stored: stored)
        #expect(read.text == "theirs")
        #expect(read.outcome?.isHit == true)
    }

    @Test func `passes by when one of them bears an intent`() {
        let dialogue = Dialogue()
        let read = dialogue.read(tags: [.a])
        dialogue.answer(look: [.a], entry: "k", [.version(1)])
        dialogue.answer(load: "k", "too early", tags: [.b])
        dialogue.answer(look: [.a, .b], entry: "k", [.version(1), .intent])
        dialogue.answer(load: "k", "new", tags: [.b])
        #expect(read.text == "new")
        #expect(read.outcome == .bypass(.writeInFlight))
    }

    @Test func `each time is repeated three times at most, and then passes by`() {
        let dialogue = Dialogue()
        let read = dialogue.read(tags: [])
        var known: [Tag] = []
        for attempt in 1...3 {
            #expect(dialogue.script.unanswered == [.look(known, entry: "k")])
            dialogue.answer(look: known, entry: "k", known.map { _ in .version(1) })
            known.append(Tag("\(attempt)"))
            dialogue.answer(load: "k", "too early", tags: known)
        }
        #expect(dialogue.script.unanswered == [.load("k")])
        dialogue.answer(load: "k", "new", tags: [Tag("4")])
        #expect(read.text == "new")
        #expect(read.outcome == .bypass(.changing))
        #expect(dialogue.cache.statistics.loads == 4)
        #expect(dialogue.cache.statistics.stored == 0)
        #expect(!dialogue.script.steps.contains { if case .store = $0 { true } else { false } })
    }

    @Test func `is repeated for whoever joined it too, once for all of them`() {
        let dialogue = Dialogue()
        let reads = (0..<5).map { _ in dialogue.read(tags: [.a]) }
        for _ in reads { dialogue.answer(look: [.a], entry: "k", [.version(1)]) }
        dialogue.answer(load: "k", "too early", tags: [.b])
        #expect(reads.allSatisfy { !$0.isOver })
        for _ in reads { dialogue.answer(look: [.a, .b], entry: "k", [.version(1), .version(2)]) }
        dialogue.answer(load: "k", "new", tags: [.b])
        #expect(reads.allSatisfy { $0.text == "new" })
        #expect(dialogue.cache.statistics.loads == 2)
        #expect(dialogue.cache.statistics.stored == 1)
    }
}
