import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A write through a cached store` {
    private let dialogue = WriteDialogue()
    private let announcement = Step.announce(WriteDialogue.touched, by: WriteDialogue.id)

    @Test func `announces what it touches, then commits, then answers, and stores what it wrote`() throws {
        let writing = dialogue.rename()
        #expect(dialogue.steps == [.begin, announcement], "no commit before it is announced")
        dialogue.announced()
        #expect(dialogue.steps == [.begin, announcement, .commit])
        #expect(!writing.isOver)
        dialogue.committed()
        #expect(writing.value == 42, "nobody waits for what comes then")
        #expect(dialogue.steps == [.begin, announcement, .commit, .writeThrough(["shelves:1"], by: WriteDialogue.id)])
        #expect(try #require(dialogue.reads.backend.lastStored?.encoded).text.contains(#""name":"new""#))
        #expect(dialogue.base.rows[1]?.name == "new")
    }

    @Test func `announces nothing if it touches nothing`() {
        let reading = dialogue.write { unit in try await unit.find(ID<Shelf>(1)) == nil ? 0 : 1 }
        dialogue.committed()
        #expect(reading.value == 1)
        let unchanged = dialogue.rename("old")
        dialogue.committed()
        #expect(unchanged.value == 42)
        #expect(dialogue.steps == [.begin, .commit, .begin, .commit])
    }

    @Test func `announces nothing if it is given up before the commit`() {
        let writing = dialogue.rename(failing: true)
        #expect(writing.error is WriteDialogue.Refused)
        #expect(dialogue.steps == [.begin, .rollback])
    }

    @Test(arguments: [DomainError.contention, CommitOutcomeUnknown()] as [any Error])
    func `has nothing to undo when the commit fails, or nobody knows`(_ error: any Error) {
        let writing = dialogue.rename()
        dialogue.announced()
        dialogue.committed(error)
        #expect(type(of: writing.error!) == type(of: error))
        #expect(dialogue.steps.last == (error is CommitOutcomeUnknown ? .commit : .rollback))
        #expect(!dialogue.steps.contains(.writeThrough(["shelves:1"], by: WriteDialogue.id)))
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
        dialogue.answer(.announce([Tag("shelves:1"), Tag("shelves:2"), Tag("shelves")], by: WriteDialogue.id))
        dialogue.committed()
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
        dialogue.answer(.announce([Tag("shelves:2"), Tag("shelves")], by: WriteDialogue.id))
        dialogue.committed()
        #expect(second.value == 2)
        #expect(!first.isOver)
    }

    @Test func `stores no row that it deleted`() {
        let deleting = dialogue.write { unit in
            let row = try await unit.find(ID<Shelf>(1))!
            var value = row.value
            value.name = "newer"
            try await unit.delete(try await unit.update(row, to: value))
            return 1
        }
        dialogue.announced()
        dialogue.committed()
        #expect(deleting.value == 1)
        #expect(dialogue.steps == [.begin, announcement, .commit])
    }
}

@Suite struct `A write that its worker cannot announce` {
    private let dialogue = WriteDialogue()
    private let elsewhere = Step.announceElsewhere(WriteDialogue.touched, by: WriteDialogue.id)

    @Test(arguments: [CacheUnavailable.unreachable, .timedOut, .refused("no"), .closed])
    func `is announced by another before it is committed`(_ failure: CacheUnavailable) {
        let writing = dialogue.rename()
        dialogue.announced(failure)
        #expect(dialogue.script.unanswered == [elsewhere])
        dialogue.announcedElsewhere()
        dialogue.committed()
        #expect(writing.value == 42, "the client hears nothing of it")
        #expect(dialogue.steps.last == .commit, "the first announcement may come when others have written, so nothing is stored")
    }

    @Test func `is announced by another when there is no lease`() {
        dialogue.lease.give(nil)
        let writing = dialogue.rename()
        #expect(dialogue.steps == [.begin, elsewhere])
        dialogue.announcedElsewhere()
        dialogue.committed()
        #expect(writing.value == 42)
    }

    @Test func `is announced by another when the time of the lease is over`() {
        dialogue.lease.give(.init(keyspace: .first, life: "life", end: 1_000))
        _ = dialogue.rename()
        #expect(dialogue.steps == [.begin, elsewhere])
    }

    @Test func `is not committed if nobody can`() {
        let writing = dialogue.rename()
        dialogue.announced(.unreachable)
        dialogue.announcedElsewhere(false)
        #expect(writing.error is ScriptedAnnouncer.Refused)
        #expect(dialogue.steps.last == .rollback)
        #expect(dialogue.base.rows[1]?.name == "old")
    }
}

@Suite struct `A store that only announces` {
    @Test func `writes as a cached one does, and asks the cache for nothing when it reads`() {
        let dialogue = WriteDialogue()
        let store = AnnouncingStore(dialogue.base, dialogue.announcer)
        dialogue.reads.executor.spawn {
            _ = try? await store.repository(of: Shelf.schema).find(.integer(1), ReadContext(deadline: 0))
        }
        #expect(dialogue.steps == [.load("find 1")])
        let writing = dialogue.rename(in: store)
        dialogue.announced()
        dialogue.committed()
        #expect(writing.value == 42)
        #expect(dialogue.steps.last == .commit)
    }
}
