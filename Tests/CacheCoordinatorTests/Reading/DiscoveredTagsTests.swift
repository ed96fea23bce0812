import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A load that finds more tags` {
    /// A read whose load finds the tag b, about which the backend is asked next.
    private func readThatFoundB(seeing evidence: ReadEvidence = .quiet) -> (Dialogue, Dialogue.Reading) {
        let dialogue = Dialogue()
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.token(1)])
        dialogue.answer(load: "k", "first", tags: [.a, .b], seeing: evidence)
        #expect(!read.isOver, "b may have changed since the value was loaded")
        return (dialogue, read)
    }

    @Test func `is enough if its snapshot shows all that came before their tokens`() {
        let (dialogue, read) = readThatFoundB(seeing: .seen(next: 50, running: [41]))
        dialogue.answer(look: [.b], entry: nil, [.token(2, stamp: 41)])
        #expect(read.text == "first")
        #expect(read.outcome == .stored)
        #expect(dialogue.script.steps.last == .store("k", tags: [.a, .b], tokens: [1, 2], keyspace: .first))
        #expect(dialogue.cache.statistics.loads == 1)
    }

    @Test(arguments: [TagState.token(2, stamp: 42), .token(2, stamp: 51), .mark(1, 41), .mark(51, 3), .mark(1, 50)])
    func `is repeated if it may lack a write of them`(state: TagState) {
        let (dialogue, read) = readThatFoundB(seeing: .seen(next: 50, running: [41]))
        dialogue.answer(look: [.b], entry: nil, [state])
        #expect(dialogue.script.unanswered == [.look([.a, .b], entry: nil)])
        dialogue.answer(look: [.a, .b], entry: nil, [.token(1), .token(2)])
        dialogue.answer(load: "k", "second", tags: [.a, .b])
        #expect(read.text == "second")
        #expect(read.outcome == .stored)
        #expect(dialogue.cache.statistics.loads == 2)
    }

    @Test func `makes tokens of marks whose writers it has seen`() {
        let (dialogue, read) = readThatFoundB(seeing: .seen(next: 50))
        dialogue.answer(look: [.b], entry: nil, [.mark(20, 30, 31)])
        #expect(read.outcome == .stored)
        #expect(dialogue.script.steps.last == .make("k", tags: [.a, .b], from: [.mark(20, 30, 31)], stamp: 50))
    }

    @Test func `is enough where nothing was known, if nobody writes and nobody has ended since`() {
        let (dialogue, read) = readThatFoundB(seeing: .seen(next: 50, running: [12]))
        dialogue.answer(look: [.b], entry: nil, [.absent])
        dialogue.answer(place: [.b], [.placeholder(9)])
        #expect(dialogue.script.unanswered == [.confirm])
        dialogue.answer(confirm: .seen(next: 50, running: [12], writers: []))
        #expect(read.text == "first")
        #expect(dialogue.script.steps.last == .make("k", tags: [.a, .b], from: [.placeholder(9)], stamp: 50))
        #expect(dialogue.cache.statistics.loads == 1)
    }

    @Test(arguments: [
        ReadEvidence.seen(next: 51, running: [12]), .seen(next: 50), .seen(next: 50, running: [12], writers: [60]),
        .seen(next: 50, running: [12], writers: nil),
    ])
    func `is repeated where nothing was known, if something may have been written since`(evidence: ReadEvidence) {
        let (dialogue, read) = readThatFoundB(seeing: .seen(next: 50, running: [12]))
        dialogue.answer(look: [.b], entry: nil, [.mark(nil, 3)])
        dialogue.answer(confirm: evidence)
        dialogue.answer(look: [.a, .b], entry: nil, [.token(1), .token(2)])
        dialogue.answer(load: "k", "second", tags: [.a, .b])
        #expect(read.text == "second")
        #expect(dialogue.cache.statistics.loads == 2)
    }

    @Test func `is served and not kept if the backend cannot be asked about them, or is another by now`() {
        let (dialogue, read) = readThatFoundB()
        dialogue.fail(.look([.b], entry: nil), .timedOut)
        #expect(read.text == "first", "it was loaded after the request came")
        #expect(read.outcome == .bypass(.unreachable))
        let (other, moved) = readThatFoundB()
        other.answer(look: [.b], entry: nil, [.token(2)], in: .second)
        #expect(moved.text == "first")
        #expect(other.cache.statistics.stored == 0)
        #expect(other.cache.statistics.memoryEntries == 0)
    }

    @Test func `finds them known the next time, by the entry`() {
        let (dialogue, _) = readThatFoundB()
        dialogue.answer(look: [.b], entry: nil, [.token(2)])
        dialogue.script.forgetSteps()
        // The entry is invalid, and its tags are known all the same: one load is enough.
        let read = dialogue.read()
        dialogue.answer(look: [.a, .b], entry: nil, [.token(1), .token(3)])
        dialogue.answer(look: [.a, .b], entry: "k", [.token(1), .token(3)])
        dialogue.answer(load: "k", "new", tags: [.a, .b])
        #expect(read.text == "new")
        #expect(dialogue.script.steps.last == .store("k", tags: [.a, .b], tokens: [1, 3], keyspace: .first))
    }

    @Test func `forgets those that the value does not depend on any more`() {
        let dialogue = Dialogue()
        _ = dialogue.read(tags: [.a, .b])
        dialogue.answer(look: [.a, .b], entry: "k", [.token(1), .token(2)])
        dialogue.answer(load: "k", "with b", tags: [.a, .b])
        let read = dialogue.read(tags: [.a])
        dialogue.answer(look: [.a, .b], entry: nil, [.token(1), .writing])
        dialogue.answer(load: "k", "without b", tags: [.a])
        #expect(read.text == "without b")
        #expect(dialogue.script.steps.last == .store("k", tags: [.a], tokens: [1], keyspace: .first))
    }

    @Test func `is repeated three times at most, and then served without being kept`() {
        let dialogue = Dialogue()
        let read = dialogue.read(tags: [])
        dialogue.answer(look: [], entry: "k", [])
        var known: [Tag] = []
        for attempt in 1...3 {
            let found = Tag("\(attempt)")
            dialogue.answer(load: "k", "value \(attempt)", tags: known + [found])
            dialogue.answer(look: [found], entry: nil, [.token(1, stamp: 200)])
            known.append(found)
            if attempt < 3 { dialogue.answer(look: known, entry: nil, known.map { _ in .token(1) }) }
        }
        #expect(read.text == "value 3")
        #expect(read.outcome == .bypass(.changing))
        #expect(dialogue.cache.statistics.loads == 3)
        #expect(dialogue.cache.statistics.memoryEntries == 0)
    }
}
