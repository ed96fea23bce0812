import Model
import Testing

@testable import CacheCoordinator

@Suite struct `An entry for clients that take gzip` {
    private let long = String(repeating: "larder ", count: 200)

    @Test func `has both forms, here and in the backend, if such a client filled it`() throws {
        let dialogue = Dialogue()
        let read = dialogue.read(coding: .gzip)
        dialogue.answer(look: [.a], entry: "k", [.token(1)])
        dialogue.answer(load: "k", long)
        let gzip = try #require(try read.value?.gzip)
        #expect(gzip.count < 100)
        let stored = try #require(dialogue.backend.lastStored)
        #expect(stored.encoded?.gzip == gzip)
        #expect(stored.encoded?.text == long)
        let plain = dialogue.read(coding: .identity)
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        #expect(plain.text == long)
    }

    @Test func `gets the form from the first that reads it, for all that come after`() throws {
        let dialogue = Dialogue()
        dialogue.remember(long)
        let size = dialogue.cache.statistics.memoryBytes
        #expect(dialogue.backend.lastStored?.encoded?.gzip == nil)
        let first = dialogue.read(coding: .gzip)
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        let gzip = try #require(try first.value?.gzip)
        #expect(dialogue.cache.statistics.memoryBytes == size + gzip.count)
        #expect(dialogue.cache.statistics.memoryEntries == 1)
        let second = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        #expect(try second.value?.gzip == gzip, "it was there already")
    }

    @Test func `does not get it in place of an entry that came meanwhile`() throws {
        let dialogue = Dialogue()
        dialogue.remember(long)
        var fromStore = CacheDemand()
        fromStore.fromStore = true
        let newer = dialogue.read(demand: fromStore)
        let older = dialogue.read(coding: .gzip)
        dialogue.answer(look: [.a], entry: nil, [.token(2)])
        dialogue.answer(load: "k", "new")
        dialogue.answer(look: [.a], entry: nil, [.token(1)])
        #expect([newer.text, older.text] == ["new", long])
        let next = dialogue.read()
        dialogue.answer(look: [.a], entry: nil, [.token(2)])
        #expect(next.text == "new")
    }

    @Test func `has one form if it is short`() throws {
        let dialogue = Dialogue()
        let read = dialogue.read(coding: .gzip)
        dialogue.answer(look: [.a], entry: "k", [.token(1)])
        dialogue.answer(load: "k", String(repeating: "x", count: Encoded.minimumCodedBytes - 1))
        #expect(try read.value?.gzip == nil)
    }

    @Test func `comes from the backend with both forms`() throws {
        let encoded = value(long, next: "n").with(.gzip)
        let entry = Entry(encoded, tags: [.a], tokens: .numbers(1), expires: .max, validated: 0)
        let back = try #require(Entry(bytes: entry.bytes, now: 0))
        #expect(back.encoded?.gzip == encoded.gzip)
        #expect(back.encoded?.text == long)
        #expect(back.encoded?.next == "n")
        for length in 0..<entry.bytes.count - long.utf8.count {
            #expect(Entry(bytes: Array(entry.bytes.prefix(length)), now: 0) == nil, "\(length)")
        }
    }
}

extension Dialogue.Reading {
    fileprivate var value: Encoded? { get throws { try result?.get() } }
}
