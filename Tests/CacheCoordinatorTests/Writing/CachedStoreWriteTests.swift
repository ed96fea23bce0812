import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A write through a cached store` {
    private let dialogue = WriteDialogue()
    private let touched = WriteDialogue.touched
    private let announcement = Step.announce(WriteDialogue.touched, lifetime: WriteDialogue.lifetime)

    @Test func `announces what it touches, then commits, then releases, then answers`() {
        let writing = dialogue.rename()
        #expect(dialogue.steps == [.begin, announcement], "no commit before the intent is there")
        dialogue.announced()
        #expect(dialogue.steps == [.begin, announcement, .commit], "no release before the commit is over")
        dialogue.committed()
        #expect(dialogue.steps == [.begin, announcement, .commit, .release(touched)])
        #expect(!writing.isOver, "no answer to the client before the new tokens are there")
        dialogue.answer(.release(touched))
        #expect(writing.value == 42)
        #expect(dialogue.base.rows[1]?.name == "new")
        #expect(dialogue.reads.cache.statistics.announcements == 1)
        #expect(dialogue.reads.cache.statistics.unannounced == 0)
    }

    @Test func `announces nothing if it touches nothing`() {
        let reading = dialogue.write { unit in try await unit.find(ID<Shelf>(1)) == nil ? 0 : 1 }
        dialogue.committed()
        #expect(reading.value == 1)
        let unchanged = dialogue.rename("old")
        dialogue.committed()
        #expect(unchanged.value == 42)
        #expect(dialogue.steps == [.begin, .commit, .begin, .commit])
        #expect(dialogue.reads.cache.statistics.announcements == 0)
    }

    @Test func `announces nothing if it is given up before the commit`() {
        let writing = dialogue.rename(failing: true)
        #expect(writing.error is WriteDialogue.Refused)
        #expect(dialogue.steps == [.begin, .rollback])
    }

    @Test func `releases what it announced when the commit fails, and throws why it did`() {
        let writing = dialogue.rename()
        dialogue.announced()
        dialogue.committed(DomainError.contention)
        #expect(!writing.isOver)
        dialogue.answer(.release(touched))
        #expect(writing.error as? DomainError == .contention)
        #expect(dialogue.steps == [.begin, announcement, .commit, .rollback, .release(touched)])
    }

    @Test func `leaves the intent when nobody knows whether it was committed`() {
        let writing = dialogue.rename()
        dialogue.announced()
        dialogue.committed(CommitOutcomeUnknown())
        #expect(writing.error is CommitOutcomeUnknown)
        #expect(dialogue.steps == [.begin, announcement, .commit], "the commit may still come; the intent expires after it")
    }

    @Test(arguments: [CacheUnavailable.unreachable, .timedOut, .refused("OOM"), .holdOff])
    func `is not turned into an error by a release that fails`(_ failure: CacheUnavailable) {
        let writing = dialogue.rename()
        dialogue.announced()
        dialogue.committed()
        dialogue.answer(.release(touched), failure)
        #expect(writing.value == 42)
        let failing = dialogue.rename("newer")
        dialogue.announced()
        dialogue.committed(DomainError.contention)
        dialogue.answer(.release(touched), failure)
        #expect(failing.error as? DomainError == .contention, "nor does it hide why the commit failed")
    }

    @Test func `announces each transaction by itself, and all tags of it at once`() {
        let both = dialogue.write { unit in
            for id in [1, 2] as [Int64] {
                let row = try await unit.find(ID<Shelf>(id))!
                var value = row.value
                value.name = "new"
                _ = try await unit.update(row, to: value)
            }
            return 2
        }
        let tags: Set<Tag> = [Tag("shelves:1"), Tag("shelves:2"), Tag("shelves")]
        dialogue.answer(.announce(tags, lifetime: WriteDialogue.lifetime))
        dialogue.committed()
        dialogue.answer(.release(tags))
        #expect(both.value == 2)
        _ = dialogue.rename("newer")
        #expect(dialogue.script.unanswered == [announcement])
    }

    @Test func `does not hold up another`() {
        let first = dialogue.rename("first")
        let second = dialogue.write { unit in
            let row = try await unit.find(ID<Shelf>(2))!
            var value = row.value
            value.name = "second"
            return Int(try await unit.update(row, to: value).version)
        }
        let tags: Set<Tag> = [Tag("shelves:2"), Tag("shelves")]
        dialogue.answer(.announce(tags, lifetime: WriteDialogue.lifetime))
        dialogue.committed()
        dialogue.answer(.release(tags))
        #expect(second.value == 2)
        #expect(!first.isOver)
    }
}

@Suite struct `A store that only announces` {
    @Test func `writes as a cached one does, and asks the cache for nothing when it reads`() {
        let dialogue = WriteDialogue()
        let store = AnnouncingStore(dialogue.base, dialogue.reads.cache)
        dialogue.reads.executor.spawn {
            _ = try? await store.repository(of: Shelf.schema).find(.integer(1), ReadContext(deadline: 0))
        }
        #expect(dialogue.steps == [.load("find 1")])
        let writing = dialogue.rename(in: store)
        dialogue.announced()
        dialogue.committed()
        dialogue.answer(.release(WriteDialogue.touched))
        #expect(writing.value == 42)
        #expect(dialogue.steps.suffix(3).first == .announce(WriteDialogue.touched, lifetime: WriteDialogue.lifetime))
    }
}
