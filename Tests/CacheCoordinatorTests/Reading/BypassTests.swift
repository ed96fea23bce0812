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

    @Test func `does so while a tag bears an intent`() {
        let dialogue = Dialogue()
        let read = dialogue.read(tags: [.a, .b])
        dialogue.answer(look: [.a, .b], entry: "k", [.absent, .intent])
        expectBypass(.writeInFlight, dialogue, read)
        #expect(dialogue.cache.statistics.memoryEntries == 0)
    }

    @Test func `does so though there is an entry, when a tag of it bears an intent`() {
        let inMemory = Dialogue()
        inMemory.remember("old")
        let first = inMemory.read()
        inMemory.answer(look: [.a], entry: nil, [.intent])
        expectBypass(.writeInFlight, inMemory, first)
        let inBackend = Dialogue()
        let second = inBackend.read()
        inBackend.answer(look: [.a], entry: "k", [.intent], stored: Entry("old", tokens: .numbers(1)))
        expectBypass(.writeInFlight, inBackend, second)
    }

    @Test func `does so when the intent comes while tokens are created`() {
        let dialogue = Dialogue()
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.absent])
        dialogue.answer(createTokens: [.a], [.intent])
        expectBypass(.writeInFlight, dialogue, read)
    }

    @Test func `does so when the intent comes while the tags of a stored entry are asked for`() {
        let dialogue = Dialogue()
        let read = dialogue.read()
        dialogue.answer(
            look: [.a], entry: "k", [.version(1)], stored: Entry("theirs", tags: [.a, .b], tokens: .numbers(1, 2)))
        dialogue.answer(look: [.a, .b], entry: nil, [.intent, .version(2)])
        expectBypass(.writeInFlight, dialogue, read)
    }

    @Test func `does so when created tokens are gone at once`() {
        let dialogue = Dialogue()
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.absent])
        dialogue.answer(createTokens: [.a], [.absent])
        expectBypass(.changing, dialogue, read)
    }

    private static let failures: [(CacheUnavailable, CacheOutcome.Bypass)] = [
        (.unreachable, .unreachable), (.timedOut, .unreachable), (.refused("OOM"), .unreachable), (.holdOff, .holdOff),
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
        dialogue.answer(look: [.a], entry: nil, [.version(1)])
        #expect(next.text == "old", "the same token stands, so the value is still right")
    }

    @Test(arguments: failures)
    func `does so when tokens cannot be created`(failure: CacheUnavailable, reason: CacheOutcome.Bypass) {
        let dialogue = Dialogue()
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.absent])
        dialogue.fail(.createTokens([.a]), failure)
        expectBypass(reason, dialogue, read)
    }

    @Test(arguments: failures)
    func `does so when the second look fails`(failure: CacheUnavailable, reason: CacheOutcome.Bypass) {
        let dialogue = Dialogue()
        let read = dialogue.read()
        dialogue.answer(
            look: [.a], entry: "k", [.version(1)], stored: Entry("theirs", tags: [.a, .b], tokens: .numbers(1, 2)))
        dialogue.fail(.look([.a, .b], entry: nil), failure)
        expectBypass(reason, dialogue, read)
    }

    @Test func `returns that there is nothing, or the load's error, as it is`() {
        let dialogue = Dialogue()
        let absent = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.intent])
        dialogue.answer(load: "k", nil)
        #expect(absent.isAbsent)
        let failed = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.intent])
        dialogue.fail(load: "k", DomainError.contention)
        #expect(failed.error as? DomainError == .contention)
    }

    @Test func `begins inside a hold-off and does not store after it`() {
        let dialogue = Dialogue()
        let early = dialogue.read()
        dialogue.fail(.look([.a], entry: "k"), .holdOff)
        // The hold-off ends, and another read stores before the first load comes back.
        let late = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.version(1)])
        dialogue.answer(load: "k", "old")
        #expect(early.text == "old")
        #expect(!dialogue.script.steps.contains { if case .store = $0 { true } else { false } })
        dialogue.answer(load: "k", "new")
        #expect(late.outcome == .stored)
    }
}
