import Domain
import Testing

@testable import CacheCoordinator

@Suite struct `A write that could not be announced` {
    private let dialogue = WriteDialogue()
    private let touched = WriteDialogue.touched
    private let announcement = Step.announce(WriteDialogue.touched, lifetime: WriteDialogue.lifetime)
    private static let failures: [CacheUnavailable] = [.unreachable, .timedOut, .refused("OOM"), .holdOff]

    @Test(arguments: failures) func `goes on, and its tags are invalidated after it`(_ failure: CacheUnavailable) {
        let writing = dialogue.rename()
        dialogue.announced(failure)
        dialogue.committed()
        #expect(!writing.isOver)
        dialogue.answer(.invalidate(touched))
        #expect(writing.value == 42)
        #expect(dialogue.steps == [.begin, announcement, .commit, .invalidate(touched)])
        #expect(dialogue.reads.cache.statistics.announcements == 1)
        #expect(dialogue.reads.cache.statistics.unannounced == 1)
    }

    @Test(arguments: failures) func `is settled later if its tags cannot be invalidated either`(_ failure: CacheUnavailable) {
        let writing = dialogue.rename()
        dialogue.announced(.unreachable)
        dialogue.committed()
        dialogue.answer(.invalidate(touched), failure)
        #expect(writing.value == 42, "the client hears nothing of it")
        #expect(dialogue.steps == [.begin, announcement, .commit, .invalidate(touched), .settleLater(touched)])
    }

    @Test func `has its tags invalidated when it is rolled back too, because the intent may be on some of them`() {
        let writing = dialogue.rename()
        dialogue.announced(.timedOut)
        dialogue.committed(DomainError.contention)
        dialogue.answer(.invalidate(touched))
        #expect(writing.error as? DomainError == .contention)
    }

    @Test(.disabled("a write without an intent and with an unknown outcome is forgotten, so that the old value is served on"))
    func `is made known to the cache, if it can be, when nobody knows whether it was committed`() {
        let writing = dialogue.rename()
        dialogue.announced(.unreachable)
        dialogue.committed(CommitOutcomeUnknown())
        // By which means is open. There is no intent which would keep the old value from being served.
        for step in dialogue.script.unanswered { dialogue.answer(step) }
        #expect(writing.error is CommitOutcomeUnknown)
        #expect(dialogue.steps.count > 3, "the old value is served on until it expires")
    }
}
