import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A read that passes the cache by` {
    /// Loads, and leaves no trace.
    private func expectBypass(
        _ reason: CacheOutcome.Bypass, _ dialogue: Dialogue, _ read: Dialogue.Reading,
        _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(dialogue.script.unanswered == [.load("k")], sourceLocation: location)
        dialogue.script.forgetSteps()
        dialogue.answer(load: "k", "new", tags: [.c], location)
        #expect(read.text == "new", sourceLocation: location)
        #expect(read.outcome == .bypass(reason), sourceLocation: location)
        #expect(dialogue.script.steps.isEmpty, "nothing is stored or asked any more", sourceLocation: location)
        #expect(dialogue.cache.statistics.bypassed == 1, sourceLocation: location)
    }

    @Test func `does so while a writer of a tag runs`() {
        let dialogue = Dialogue()
        let read = dialogue.read(tags: [.a, .b])
        dialogue.answer(look: [.a, .b], entry: "k", [.token(3), .writing])
        expectBypass(.writeInFlight, dialogue, read)
        #expect(dialogue.cache.statistics.memoryEntries == 0)
    }

    @Test func `does so though there is an entry, when a writer of its tag runs`() {
        let inMemory = Dialogue()
        inMemory.remember("old")
        let first = inMemory.read()
        inMemory.answer(look: [.a], entry: nil, [.writing])
        expectBypass(.writeInFlight, inMemory, first)
        let inBackend = Dialogue()
        let second = inBackend.read()
        inBackend.answer(look: [.a], entry: "k", [.writing], stored: Entry("old", tokens: .numbers(1)))
        expectBypass(.writeInFlight, inBackend, second)
    }

    @Test func `does so when the writer comes while placeholders are put`() {
        let dialogue = Dialogue()
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.absent])
        dialogue.answer(place: [.a], [.writing])
        expectBypass(.writeInFlight, dialogue, read)
    }

    @Test func `does so when the writer comes while the tags of a stored entry are asked for`() {
        let dialogue = Dialogue()
        let read = dialogue.read()
        dialogue.answer(
            look: [.a], entry: "k", [.token(1)], stored: Entry("theirs", tags: [.a, .b], tokens: .numbers(1, 2)))
        dialogue.answer(look: [.a, .b], entry: nil, [.writing, .token(2)])
        expectBypass(.writeInFlight, dialogue, read)
    }

    @Test func `does so when placeholders are gone at once`() {
        let dialogue = Dialogue()
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.absent])
        dialogue.answer(place: [.a], [.absent])
        expectBypass(.changing, dialogue, read)
    }

    private static let failures: [(CacheUnavailable, CacheOutcome.Bypass)] = [
        (.unreachable, .unreachable), (.timedOut, .unreachable), (.refused("no"), .unreachable), (.closed, .closed),
    ]

    @Test(arguments: failures)
    func `does so when the look fails`(failure: CacheUnavailable, reason: CacheOutcome.Bypass) {
        let dialogue = Dialogue()
        let read = dialogue.read()
        dialogue.fail(.look([.a], entry: "k"), failure)
        expectBypass(reason, dialogue, read)
    }

    @Test(arguments: failures)
    func `does so when the look at what it remembers fails, and remembers it still`(
        failure: CacheUnavailable, reason: CacheOutcome.Bypass
    ) {
        let dialogue = Dialogue()
        dialogue.remember("old")
        let read = dialogue.read()
        dialogue.fail(.look([.a], entry: nil), failure)
        expectBypass(reason, dialogue, read)
        let next = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        #expect(next.text == "old", "the same token stands, so the value is still right")
    }

    @Test(arguments: failures)
    func `does so when placeholders cannot be put`(failure: CacheUnavailable, reason: CacheOutcome.Bypass) {
        let dialogue = Dialogue()
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.absent])
        dialogue.fail(.place([.a]), failure)
        expectBypass(reason, dialogue, read)
    }

    @Test(arguments: failures)
    func `does so when the second look fails`(failure: CacheUnavailable, reason: CacheOutcome.Bypass) {
        let dialogue = Dialogue()
        let read = dialogue.read()
        dialogue.answer(
            look: [.a], entry: "k", [.token(1)], stored: Entry("theirs", tags: [.a, .b], tokens: .numbers(1, 2)))
        dialogue.fail(.look([.a, .b], entry: nil), failure)
        expectBypass(reason, dialogue, read)
    }

    @Test func `returns that there is nothing, or the load's error, as it is`() {
        let dialogue = Dialogue()
        let absent = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.writing])
        dialogue.answer(load: "k", nil)
        #expect(absent.isAbsent)
        let failed = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.writing])
        dialogue.fail(load: "k", DomainError.contention)
        #expect(failed.error as? DomainError == .contention)
    }
}
