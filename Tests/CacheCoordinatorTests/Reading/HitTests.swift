import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A read that hits` {
    @Test func `serves from memory once the backend says that the token still stands`() {
        let dialogue = Dialogue()
        dialogue.remember("old")
        let read = dialogue.read()
        #expect(!read.isOver, "nothing is served before the answer")
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        #expect(read.text == "old")
        #expect(dialogue.script.steps == [.look([.a], entry: nil)])
    }

    @Test func `serves what another worker stored, and remembers it`() {
        let dialogue = Dialogue()
        let stored = Entry("theirs", tags: [.a], tokens: .numbers(5), expires: dialogue.now + 7_000)
        let first = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.token(5)], stored: stored)
        #expect(first.text == "theirs")
        #expect(first.outcome == .hit(secondsLeft: 7))
        dialogue.now += 2_000
        let second = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(5)])
        #expect(second.text == "theirs")
        #expect(second.outcome == .hit(secondsLeft: 5))
        #expect(dialogue.script.steps == [.look([.a], entry: "k"), .look([.a], entry: nil)], "nothing is stored again")
    }

    @Test func `asks for the tags that a stored entry has, when it has others than were known`() {
        let dialogue = Dialogue()
        let stored = Entry("theirs", tags: [.b, .a], tokens: .numbers(2, 1))
        let read = dialogue.read(tags: [.a])
        dialogue.answer(look: [.a], entry: "k", [.token(1)], stored: stored)
        #expect(!read.isOver, "b was not asked for yet")
        dialogue.answer(look: [.b, .a], entry: nil, [.token(2), .token(1)])
        #expect(read.text == "theirs")
    }

    @Test func `asks for tags that are known beside those of a stored entry too, though they do not matter to it`() {
        let dialogue = Dialogue()
        let stored = Entry("theirs", tags: [.b], tokens: .numbers(2))
        let read = dialogue.read(tags: [.a])
        dialogue.answer(look: [.a], entry: "k", [.writing], stored: stored)
        dialogue.answer(look: [.b, .a], entry: nil, [.token(2), .writing])
        #expect(read.text == "theirs")
    }

    @Test func `knows all tags of what it remembers`() {
        let dialogue = Dialogue()
        let first = dialogue.read(tags: [.a])
        dialogue.answer(
            look: [.a], entry: "k", [.token(1)], stored: Entry("theirs", tags: [.a, .b], tokens: .numbers(1, 2)))
        dialogue.answer(look: [.a, .b], entry: nil, [.token(1), .token(2)])
        #expect(first.text == "theirs")
        let second = dialogue.read(tags: [.a])
        dialogue.answer(look: [.a, .b], entry: nil, [.token(1), .token(2)])
        #expect(second.text == "theirs")
    }

    @Test func `serves many at once, each by an answer of its own`() {
        let dialogue = Dialogue()
        dialogue.remember("old")
        let reads = (0..<3).map { _ in dialogue.read() }
        for read in reads {
            #expect(!read.isOver)
            dialogue.answer(look: [.a], entry: nil, [.token(1)])
            #expect(read.text == "old")
        }
    }
}

@Suite struct `A read that finds an invalid entry` {
    @Test func `in its memory serves what another worker stored since then, and remembers that`() {
        let dialogue = Dialogue()
        dialogue.remember("old")
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(2)])
        dialogue.answer(look: [.a], entry: "k", [.token(2)], stored: Entry("theirs", tokens: .numbers(2)))
        #expect(read.text == "theirs")
        let next = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(2)])
        #expect(next.text == "theirs", "it replaced the old one")
    }

    @Test func `here and in the backend loads under the tokens that stand now, and stores that`() {
        let dialogue = Dialogue()
        dialogue.remember("old")
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(2)])
        dialogue.answer(look: [.a], entry: "k", [.token(3)], stored: Entry("old", tokens: .numbers(1)))
        dialogue.answer(load: "k", "new")
        #expect(read.text == "new")
        #expect(read.outcome == .stored)
        #expect(
            dialogue.script.steps == [
                .look([.a], entry: nil), .look([.a], entry: "k"), .load("k"),
                .store("k", tags: [.a], tokens: [3], keyspace: .first),
            ])
        let next = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(3)])
        #expect(next.text == "new", "it replaced the old one")
    }

    @Test func `in the backend loads, and does not remember the invalid one`() {
        let dialogue = Dialogue()
        let first = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.token(2)], stored: Entry("old", tokens: .numbers(1)))
        #expect(dialogue.cache.statistics.memoryEntries == 0)
        dialogue.answer(load: "k", "new")
        #expect(first.text == "new")
    }

    @Test func `under a token that was gone for a while loads, whatever it was`() {
        let dialogue = Dialogue()
        dialogue.remember("old")
        let read = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.absent])
        dialogue.answer(place: [.a], [.token(9)])
        dialogue.answer(load: "k", "new")
        #expect(read.text == "new")
        #expect(dialogue.script.steps.last == .store("k", tags: [.a], tokens: [9], keyspace: .first))
    }

    @Test func `whose bytes are broken or of another format loads`() {
        for bytes in [[], [0], [1] + Entry().bytes.dropFirst(), Array(Entry().bytes.prefix(30))] as [[UInt8]] {
            let dialogue = Dialogue()
            let read = dialogue.read()
            dialogue.answer(look: [.a], entry: "k", [.token(1)], bytes: bytes)
            dialogue.answer(load: "k", "new")
            #expect(read.text == "new")
            #expect(read.outcome == .stored)
        }
    }
}
