import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A write that could not be announced` {
    private let dialogue = WriteDialogue()
    private static let steps: [Step] = [
        .begin, .announce(WriteDialogue.touched, lifetime: WriteDialogue.lifetime),
        .settleLater(WriteDialogue.touched, lifetime: WriteDialogue.lifetime), .commit,
    ]

    @Test(arguments: [CacheUnavailable.unreachable, .timedOut, .refused("OOM"), .holdOff])
    func `is remembered before it is committed, and goes on`(_ failure: CacheUnavailable) {
        let writing = dialogue.rename()
        dialogue.announced(failure)
        #expect(dialogue.steps == Self.steps)
        dialogue.committed()
        #expect(writing.value == 42, "the client hears nothing of it")
        #expect(dialogue.steps == Self.steps, "and there is nothing to release")
        #expect(dialogue.reads.cache.statistics.announcements == 1)
        #expect(dialogue.reads.cache.statistics.unannounced == 1)
    }

    @Test(arguments: [DomainError.contention, CommitOutcomeUnknown()] as [any Error])
    func `is remembered whatever comes of it`(_ error: any Error) {
        let writing = dialogue.rename()
        dialogue.announced(.unreachable)
        dialogue.committed(error)
        #expect(writing.error != nil)
        #expect(dialogue.steps.starts(with: Self.steps), "it may yet be committed, or the intent be on some of its tags")
    }
}
