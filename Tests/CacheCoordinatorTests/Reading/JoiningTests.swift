import Model
import Testing

@testable import CacheCoordinator

@Suite struct `Reads of one key at the same time` {
    @Test func `a thousand of a cold key cost one load`() {
        let dialogue = Dialogue()
        let reads = (0..<1_000).map { _ in dialogue.read() }
        for _ in reads { dialogue.answer(look: [.a], entry: "k", [.version(1)]) }
        #expect(dialogue.script.unanswered == [.load("k")])
        dialogue.answer(load: "k", "new")
        #expect(reads.allSatisfy { $0.text == "new" })
        #expect(reads.count { $0.outcome == .stored } == 1)
        #expect(reads.count { $0.outcome == .collapsed } == 999)
        #expect(dialogue.cache.statistics.loads == 1)
        #expect(dialogue.script.steps.count { $0 == .store("k", tags: [.a], tokens: [1], keyspace: .first) } == 1)
    }

    @Test func `with an error all of those who joined get it, and the next load is a new one`() {
        let dialogue = Dialogue()
        let reads = (0..<10).map { _ in dialogue.read() }
        for _ in reads { dialogue.answer(look: [.a], entry: "k", [.version(1)]) }
        dialogue.fail(load: "k", DomainError.overloaded(retryAfterSeconds: 1))
        #expect(reads.allSatisfy { $0.error as? DomainError == .overloaded(retryAfterSeconds: 1) })
        #expect(dialogue.cache.statistics.loads == 1)
        dialogue.remember("new")
    }

    @Test func `are not ended by the deadline of the one that loads, if theirs is later`() {
        let dialogue = Dialogue()
        let owner = dialogue.read(deadline: 100)
        let hurried = dialogue.read(deadline: 100)
        let patient = dialogue.read(deadline: 200)
        for _ in 0..<3 { dialogue.answer(look: [.a], entry: "k", [.version(1)]) }
        dialogue.fail(load: "k", DomainError.deadlineExceeded)
        #expect(owner.error as? DomainError == .deadlineExceeded)
        #expect(hurried.error as? DomainError == .deadlineExceeded)
        #expect(!patient.isOver)
        dialogue.answer(load: "k", "in time")
        #expect(patient.text == "in time")
        #expect(dialogue.cache.statistics.loads == 2)
    }

    @Test func `with nothing there all of those who joined get nothing`() {
        let dialogue = Dialogue()
        let reads = (0..<10).map { _ in dialogue.read() }
        for _ in reads { dialogue.answer(look: [.a], entry: "k", [.version(1)]) }
        dialogue.answer(load: "k", nil)
        #expect(reads.allSatisfy { $0.isAbsent })
        #expect(reads.count { $0.outcome == .stored } == 1)
        #expect(reads.count { $0.outcome == .collapsed } == 9)
        #expect(dialogue.cache.statistics.loads == 1)
    }

    @Test func `with newer tokens do not take the result of an older load`() {
        let dialogue = Dialogue()
        let early = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.version(1)])
        // A write is announced, committed and released; then comes the next read.
        let late = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.version(2)])
        #expect(dialogue.script.unanswered == [.load("k"), .load("k")])
        dialogue.answer(load: "k", "old")
        #expect(early.text == "old")
        #expect(!late.isOver)
        dialogue.answer(load: "k", "new")
        #expect(late.text == "new")
        #expect(
            dialogue.script.steps.suffix(2) == [
                .store("k", tags: [.a], tokens: [1], keyspace: .first), .store("k", tags: [.a], tokens: [2], keyspace: .first),
            ])
    }

    @Test func `with tokens of another keyspace do not take the result of a load either`() {
        let dialogue = Dialogue()
        _ = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.version(1)], in: .first)
        _ = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.version(1)], in: .second)
        #expect(dialogue.script.unanswered == [.load("k"), .load("k")])
    }

    @Test func `beyond two loads share one that begins when one of them ends`() {
        let dialogue = Dialogue()
        let first = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.version(1)])
        let second = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.version(2)])
        let others = (3...20).map { _ in dialogue.read() }
        for token in 3...20 as ClosedRange<UInt64> { dialogue.answer(look: [.a], entry: "k", [.version(token)]) }
        #expect(dialogue.script.unanswered == [.load("k"), .load("k")], "two at most")
        dialogue.answer(load: "k", "first")
        #expect(first.isOver)
        #expect(dialogue.script.unanswered == [.load("k"), .load("k")], "the next one runs")
        dialogue.answer(load: "k", "second")
        #expect(second.isOver)
        #expect(others.allSatisfy { !$0.isOver })
        dialogue.answer(load: "k", "third")
        #expect(others.allSatisfy { $0.text == "third" })
        #expect(dialogue.cache.statistics.loads == 3)
        #expect(dialogue.cache.statistics.collapsed == 17)
    }

    @Test func `let a load that waited begin when one before it fails`() {
        let dialogue = Dialogue()
        let reads = (1...3 as ClosedRange<UInt64>).map { token in
            let read = dialogue.read()
            dialogue.answer(look: [.a], entry: "k", [.version(token)])
            return read
        }
        dialogue.fail(load: "k", DomainError.contention)
        dialogue.fail(load: "k", DomainError.contention)
        #expect(reads.map(\.isOver) == [true, true, false])
        dialogue.answer(load: "k", "third")
        #expect(reads[2].text == "third")
        #expect(dialogue.script.steps.last == .store("k", tags: [.a], tokens: [3], keyspace: .first))
    }

    @Test func `that pass by share only loads that begin after them`() {
        let dialogue = Dialogue()
        let reads = (0..<20).map { _ in dialogue.read() }
        for _ in reads { dialogue.fail(.look([.a], entry: "k"), .unreachable) }
        #expect(dialogue.script.unanswered == [.load("k"), .load("k")])
        dialogue.answer(load: "k", "first")
        dialogue.answer(load: "k", "second")
        dialogue.answer(load: "k", "third")
        #expect(reads.map(\.text) == ["first", "second"] + reads.dropFirst(2).map { _ in "third" })
        #expect(dialogue.cache.statistics.loads == 3)
        #expect(dialogue.cache.statistics.memoryEntries == 0)
    }

    @Test func `that pass by do not share a load under way, whose tokens nobody can compare`() {
        let dialogue = Dialogue()
        _ = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.version(1)])
        let passing = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.intent])
        dialogue.answer(load: "k", "old")
        #expect(!passing.isOver)
        dialogue.answer(load: "k", "new")
        #expect(passing.text == "new")
    }

    @Test func `with tags that the load found share the load that is repeated`() {
        let dialogue = Dialogue()
        let runner = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.version(1)])
        let joined = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.version(1)])
        dialogue.answer(load: "k", "too early", tags: [.b])
        // Only one of them has heard of b's token when it changes.
        dialogue.answer(look: [.a, .b], entry: "k", [.version(1), .version(2)])
        dialogue.answer(look: [.a, .b], entry: "k", [.version(1), .version(3)])
        dialogue.answer(load: "k", "old", tags: [.b])
        dialogue.answer(load: "k", "new", tags: [.b])
        #expect([runner.text, joined.text].contains("new"))
        #expect(runner.isOver && joined.isOver)
    }

    @Test func `of other keys do not wait for each other`() {
        let dialogue = Dialogue()
        let reads = (0..<10).map { dialogue.read("k\($0)") }
        for number in 0..<10 { dialogue.answer(look: [.a], entry: "k\(number)", [.version(1)]) }
        #expect(dialogue.script.unanswered == (0..<10).map { .load("k\($0)") })
        for number in (0..<10).reversed() {
            dialogue.answer(load: "k\(number)", "\(number)")
            #expect(reads[number].text == "\(number)")
        }
    }
}
