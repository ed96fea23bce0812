import Model
import Testing

@testable import CacheCoordinator

@Suite struct `An entry that expires` {
    /// A life that is too short for any jitter.
    private let policy = CachePolicy(lifetime: 9)

    @Test func `is served from memory to the last millisecond of its life and not after it`() {
        let dialogue = Dialogue(policy)
        dialogue.remember("old")
        dialogue.now += 8
        let early = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        #expect(early.text == "old")
        dialogue.now += 1
        let late = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.token(1)])
        dialogue.answer(load: "k", "new")
        #expect(late.text == "new")
    }

    @Test func `is taken from the backend if another worker stored it anew`() {
        let dialogue = Dialogue(policy)
        dialogue.remember("old")
        dialogue.now += 9
        let read = dialogue.read()
        dialogue.answer(
            look: [.a], entry: "k", [.token(1)], stored: Entry("theirs", tokens: .numbers(1), expires: dialogue.now + 1))
        #expect(read.text == "theirs")
    }

    @Test func `is not taken from a backend that kept it too long`() {
        let dialogue = Dialogue(policy)
        let read = dialogue.read()
        dialogue.answer(
            look: [.a], entry: "k", [.token(1)], stored: Entry("old", tokens: .numbers(1), expires: dialogue.now))
        dialogue.answer(load: "k", "new")
        #expect(read.text == "new")
    }

    @Test func `lives as long as the policy says for its resource, here and in the backend`() throws {
        let dialogue = Dialogue(CachePolicy(lifetime: 9, lifetimes: ["short": 5]))
        _ = dialogue.read(of: "short")
        dialogue.answer(look: [.a], entry: "k", [.token(1)])
        dialogue.now += 100
        dialogue.answer(load: "k", "new")
        #expect(dialogue.backend.lifetimes == [5])
        let stored = try #require(dialogue.backend.lastStored)
        #expect(stored.expires == dialogue.now + 5)
    }

    @Test func `expires within a freshness bound too`() {
        let dialogue = Dialogue(CachePolicy(lifetime: 9, freshnessBound: 1_000))
        dialogue.remember("old")
        dialogue.now += 9
        _ = dialogue.read()
        #expect(dialogue.script.steps == [.look([.a], entry: "k")])
    }
}

@Suite struct `A freshness bound` {
    private let bounded = CachePolicy(freshnessBound: 50)

    @Test func `lets a worker serve again without asking, and ask when it is over`() {
        let dialogue = Dialogue(bounded)
        dialogue.remember("old")
        dialogue.now += 49
        let within = dialogue.read()
        #expect(within.text == "old")
        #expect(within.outcome?.isHit == true)
        #expect(dialogue.script.steps.isEmpty)
        dialogue.now += 1
        let after = dialogue.read()
        #expect(!after.isOver)
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        #expect(after.text == "old")
    }

    @Test func `begins anew with each answer, and counts from the read that asked`() {
        let dialogue = Dialogue(bounded)
        dialogue.remember("old")
        dialogue.now += 50
        let asking = dialogue.read()
        dialogue.now += 20
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        #expect(asking.isOver)
        dialogue.now += 29
        #expect(dialogue.read().text == "old")
        dialogue.now += 1
        #expect(!dialogue.read().isOver)
    }

    @Test func `counts for what another worker stored from the read that asked for it`() {
        let dialogue = Dialogue(bounded)
        _ = dialogue.read()
        dialogue.now += 20
        dialogue.answer(look: [.a], entry: "k", [.token(1)], stored: Entry("theirs", tokens: .numbers(1)))
        dialogue.now += 29
        #expect(dialogue.read().text == "theirs")
        dialogue.now += 1
        #expect(!dialogue.read().isOver)
    }

    @Test func `counts for what was loaded from when its tokens were read, however long the load took`() {
        let dialogue = Dialogue(bounded)
        _ = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.token(1)])
        dialogue.now += 49
        dialogue.answer(load: "k", "old")
        #expect(dialogue.read().text == "old")
        dialogue.now += 1
        #expect(!dialogue.read().isOver, "it may have been replaced more than the bound ago")
    }

    @Test func `of nothing lets nothing be served without asking, in the same millisecond too`() {
        let dialogue = Dialogue()
        dialogue.remember("old")
        #expect(!dialogue.read().isOver)
    }

    @Test(arguments: [0, 50]) func `does not hold what a clock says that was set back`(bound: Int64) {
        let dialogue = Dialogue(CachePolicy(freshnessBound: bound))
        dialogue.remember("old")
        dialogue.now -= 1_000
        #expect(!dialogue.read().isOver, "when it was valid, nobody can say")
    }
}

extension CacheOutcome {
    var isHit: Bool { if case .hit = self { true } else { false } }
}
