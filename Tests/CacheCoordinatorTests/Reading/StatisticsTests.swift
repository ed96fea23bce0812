import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A cache's statistics` {
    @Test func `begin at nothing`() {
        let statistics = Dialogue().cache.statistics
        #expect(statistics.hits + statistics.stored + statistics.collapsed + statistics.bypassed + statistics.loads == 0)
        #expect(statistics.memoryEntries + statistics.memoryBytes + statistics.memoryEvictions == 0)
    }

    @Test func `count every read once, by what became of it`() {
        let dialogue = Dialogue(CachePolicy(freshnessBound: 1))
        // Stored, with two that collapse.
        for _ in 0..<3 { _ = dialogue.read() }
        for _ in 0..<3 { dialogue.answer(look: [.a], entry: "k", [.token(1)]) }
        dialogue.answer(load: "k", "value")
        for _ in 0..<2 { dialogue.answer(look: [.a], entry: nil, [.token(1)]) }
        // A hit without a question, and one with.
        _ = dialogue.read()
        dialogue.now += 1
        _ = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        // One passes by.
        dialogue.now += 1
        _ = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.writing])
        dialogue.answer(load: "k", "value")
        let statistics = dialogue.cache.statistics
        #expect(statistics.stored == 1)
        #expect(statistics.collapsed == 2)
        #expect(statistics.hits == 2)
        #expect(statistics.bypassed == 1)
        #expect(statistics.loads == 2)
    }

    @Test func `count loads that failed as loads and as nothing else`() {
        let dialogue = Dialogue()
        _ = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.token(1)])
        dialogue.fail(load: "k", DomainError.contention)
        let statistics = dialogue.cache.statistics
        #expect(statistics.loads == 1)
        #expect(statistics.stored + statistics.hits + statistics.collapsed + statistics.bypassed == 0)
    }

    @Test func `say what the memory holds`() {
        let size = Entry("1", tags: [.a]).size
        let dialogue = Dialogue(CachePolicy(memoryBytes: 2 * size))
        for key in ["k1", "k2", "k3"] { dialogue.remember("1", under: key) }
        #expect(dialogue.cache.statistics.memoryEntries == 2)
        #expect(dialogue.cache.statistics.memoryBytes == 2 * size)
        #expect(dialogue.cache.statistics.memoryEvictions == 1)
    }
}
