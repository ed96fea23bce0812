import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A read whose store cannot be reached` {
    private let away = DomainError.unavailable(retryAfterSeconds: 1)

    /// A read of what is remembered, when the cache is closed and the store is away.
    private func readInTrouble(
        _ policy: CachePolicy, after milliseconds: Int64, demand: CacheDemand = CacheDemand(), error: DomainError? = nil
    ) -> Dialogue.Reading {
        let dialogue = Dialogue(policy)
        dialogue.remember("old")
        dialogue.now += milliseconds
        let read = dialogue.read(demand: demand)
        if !demand.isNotStored {
            let isExpired = milliseconds >= Int64(policy.lifetime)
            dialogue.fail(.look([.a], entry: isExpired ? "k" : nil), .closed)
        }
        dialogue.fail(load: "k", error ?? away)
        return read
    }

    @Test func `is served what was valid a moment ago, if that is wanted, and told so`() {
        let read = readInTrouble(CachePolicy(lifetime: 9_000, staleIfError: 5_000), after: 5_000)
        #expect(read.text == "old")
        guard case .unverified(let seconds) = read.outcome else {
            Issue.record("\(String(describing: read.outcome))")
            return
        }
        #expect((2...4).contains(seconds))
        #expect(read.context.tags == [.a])
    }

    @Test func `is served what has ended since, within that time`() {
        let read = readInTrouble(CachePolicy(lifetime: 9, staleIfError: 5_000), after: 4_009)
        #expect(read.text == "old")
        #expect(read.outcome == .unverified(secondsLeft: -4))
    }

    @Test func `fails if that is not wanted, or too long ago`() {
        #expect(readInTrouble(CachePolicy(lifetime: 90_000), after: 1).error as? DomainError == away)
        #expect(readInTrouble(CachePolicy(lifetime: 90_000, staleIfError: 5_000), after: 5_001).error as? DomainError == away)
    }

    @Test func `fails for who wants the store's value, and for other reasons`() {
        let policy = CachePolicy(lifetime: 90_000, staleIfError: 5_000)
        #expect(readInTrouble(policy, after: 1, demand: .with { $0.isNotStored = true }).error as? DomainError == away)
        let slow = DomainError.deadlineExceeded
        #expect(readInTrouble(policy, after: 1, error: slow).error as? DomainError == slow)
    }
}

@Suite struct `An audited hit` {
    private let policy = CachePolicy(auditOneIn: 1)

    private func auditedRead(_ stored: String?, after state: TagState? = nil) -> Dialogue {
        let dialogue = Dialogue(policy)
        dialogue.remember("value")
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        dialogue.answer(load: "k", stored)
        if let state { dialogue.answer(look: [.a], entry: nil, [state]) }
        #expect(read.text == "value", "it was valid")
        #expect(read.outcome?.isHit == true)
        #expect(dialogue.cache.statistics.audited == 1)
        return dialogue
    }

    @Test func `is no violation if the store has the same`() {
        #expect(auditedRead("value").cache.statistics.violations == 0)
    }

    @Test func `is none if its tags have changed meanwhile`() {
        #expect(auditedRead("another", after: .mark(1, 7)).cache.statistics.violations == 0)
        #expect(auditedRead("another", after: .token(2)).cache.statistics.violations == 0)
    }

    @Test func `is one if the store has another value under the same tokens, with all that is known of it`() throws {
        let dialogue = auditedRead("another", after: .token(1))
        #expect(dialogue.cache.statistics.violations == 1)
        let violation = try #require(dialogue.violations.first)
        #expect(violation.key == "k")
        #expect(violation.served == value("value").tag)
        #expect(violation.stored == value("another").tag)
        #expect(violation.tags == ["a=1"])
    }
}
