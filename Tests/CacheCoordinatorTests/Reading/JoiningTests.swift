import Model
import Testing

@testable import CacheCoordinator

@Suite struct `Reads of one key at the same time` {
    @Test func `a thousand of a cold key cost one load: who waited looks again, and finds it`() {
        let dialogue = Dialogue()
        let reads = (0..<1_000).map { _ in dialogue.read() }
        for _ in reads { dialogue.answer(look: [.a], entry: "k", [.absent]) }
        for _ in reads { dialogue.answer(place: [.a], [.placeholder(5)]) }
        #expect(dialogue.script.unanswered == [.load("k")])
        dialogue.answer(load: "k", "new")
        #expect(reads.count(where: \.isOver) == 1)
        #expect(
            dialogue.script.steps.last { if case .make = $0 { true } else { false } }
                == .make("k", tags: [.a], from: [.placeholder(5)], stamp: 100))
        let token = dialogue.backend.lastStored!.tokens[0].value
        for _ in reads.dropFirst() { dialogue.answer(look: [.a], entry: nil, [.token(token, stamp: 100)]) }
        #expect(reads.allSatisfy { $0.text == "new" })
        #expect(reads.count { $0.outcome == .stored } == 1)
        #expect(reads.count { $0.outcome == .collapsed } == 999)
        #expect(dialogue.cache.statistics.loads == 1)
    }

    @Test func `who waited loads when a writer came meanwhile, once for all who wait then`() {
        let dialogue = Dialogue()
        let reads = (0..<10).map { _ in dialogue.read() }
        for _ in reads { dialogue.answer(look: [.a], entry: "k", [.token(1)]) }
        dialogue.answer(load: "k", "old")
        #expect(reads.count(where: \.isOver) == 1)
        for _ in reads.dropFirst() { dialogue.answer(look: [.a], entry: nil, [.mark(1, 50)]) }
        #expect(dialogue.script.unanswered == [.load("k")])
        dialogue.answer(load: "k", "new")
        let token = dialogue.backend.lastStored!.tokens[0].value
        for _ in 0..<8 { dialogue.answer(look: [.a], entry: nil, [.token(token, stamp: 100)]) }
        #expect(reads.map(\.text) == ["old"] + [String?](repeating: "new", count: 9))
        #expect(dialogue.cache.statistics.loads == 2)
    }

    @Test func `while a writer runs a thousand share the load that begins when the first is over`() {
        let dialogue = Dialogue()
        let first = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.writing])
        let others = (0..<1_000).map { _ in dialogue.read() }
        for _ in others { dialogue.answer(look: [.a], entry: "k", [.writing]) }
        dialogue.answer(load: "k", "before")
        #expect(first.text == "before")
        #expect(others.allSatisfy { !$0.isOver }, "a write may have been acknowledged since that load began")
        #expect(dialogue.script.unanswered == [.load("k")])
        dialogue.answer(load: "k", "after")
        #expect(others.allSatisfy { $0.text == "after" })
        #expect(others.count { $0.outcome == .collapsed } == 999)
        #expect(dialogue.cache.statistics.loads == 2)
    }

    @Test func `one who comes while that one runs waits for the next`() {
        let dialogue = Dialogue()
        _ = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.writing])
        let second = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.writing])
        dialogue.answer(load: "k", "1")
        let third = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.writing])
        dialogue.answer(load: "k", "2")
        #expect(second.text == "2")
        #expect(!third.isOver)
        dialogue.answer(load: "k", "3")
        #expect(third.text == "3")
    }

    @Test func `with an error only the one that loads gets it, and those who waited share the next load`() {
        let dialogue = Dialogue()
        let reads = (0..<10).map { _ in dialogue.read() }
        for _ in reads { dialogue.answer(look: [.a], entry: "k", [.token(1)]) }
        dialogue.fail(load: "k", DomainError.contention)
        #expect(reads.map(\.isOver) == [true] + [Bool](repeating: false, count: 9))
        dialogue.fail(load: "k", DomainError.overloaded(retryAfterSeconds: 1))
        #expect(reads.dropFirst().allSatisfy { $0.error as? DomainError == .overloaded(retryAfterSeconds: 1) })
        #expect(dialogue.cache.statistics.loads == 2)
        dialogue.remember("new")
    }

    @Test func `are not ended by the deadline of the one that loads, if theirs is later`() {
        let dialogue = Dialogue()
        let first = dialogue.read(deadline: 100)
        let hurried = dialogue.read(deadline: 100)
        let patient = dialogue.read(deadline: 200)
        for _ in 0..<3 { dialogue.answer(look: [.a], entry: "k", [.token(1)]) }
        dialogue.fail(load: "k", DomainError.deadlineExceeded)
        dialogue.fail(load: "k", DomainError.deadlineExceeded)
        #expect([first, hurried].allSatisfy { $0.error as? DomainError == .deadlineExceeded })
        #expect(!patient.isOver)
        dialogue.answer(load: "k", "in time")
        #expect(patient.text == "in time")
    }

    @Test func `that pass by share only a load that begins after them`() {
        let dialogue = Dialogue()
        let reads = (0..<20).map { _ in dialogue.read() }
        for _ in reads { dialogue.fail(.look([.a], entry: "k"), .unreachable) }
        #expect(dialogue.script.unanswered == [.load("k")])
        dialogue.answer(load: "k", "first")
        dialogue.answer(load: "k", "second")
        #expect(reads.map(\.text) == ["first"] + [String?](repeating: "second", count: 19))
        #expect(dialogue.cache.statistics.loads == 2)
        #expect(dialogue.cache.statistics.memoryEntries == 0)
    }

    @Test func `that want the store's value load it after they came, though what ran before was kept`() {
        let dialogue = Dialogue()
        let first = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.token(1)])
        var demand = CacheDemand()
        demand.fromStore = true
        let anew = dialogue.read(demand: demand)
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        dialogue.answer(load: "k", "before")
        #expect(first.text == "before")
        #expect(!anew.isOver)
        dialogue.answer(load: "k", "after")
        #expect(anew.text == "after")
        #expect(anew.outcome == .request)
    }

    @Test func `of other keys do not wait for each other`() {
        let dialogue = Dialogue()
        let reads = (0..<10).map { dialogue.read("k\($0)") }
        for number in 0..<10 { dialogue.answer(look: [.a], entry: "k\(number)", [.token(1)]) }
        #expect(dialogue.script.unanswered == (0..<10).map { .load("k\($0)") })
        for number in (0..<10).reversed() {
            dialogue.answer(load: "k\(number)", "\(number)")
            #expect(reads[number].text == "\(number)")
        }
    }
}
