import Testing

@testable import CacheCoordinator

@Suite struct `A worker's memory of entries` {
    /// All entries here are of the same size.
    private static let size = Entry("0").size

    private func memory(of entries: Int) -> EntryMemory { EntryMemory(capacity: entries * Self.size) }

    /// The keys that are kept. Asking would mark them as used, so a copy is asked.
    private func kept(_ memory: EntryMemory, of keys: [String]) -> [String] {
        var copy = memory
        return keys.filter { copy.entry($0) != nil }
    }

    @Test func `returns what was kept, and nothing else`() {
        var memory = memory(of: 2)
        let entry = Entry("1")
        memory.insert(entry, "k")
        #expect(memory.entry("k") === entry)
        #expect(memory.entry("other") == nil)
        #expect(memory.count == 1)
        #expect(memory.bytes == entry.size)
        #expect(memory.evictions == 0)
    }

    @Test func `replaces what had the same key`() {
        var memory = memory(of: 10)
        let small = Entry("1")
        let large = Entry("123456")
        memory.insert(small, "k")
        memory.insert(large, "k")
        #expect(memory.entry("k") === large)
        #expect(memory.count == 1)
        #expect(memory.bytes == large.size)
        memory.insert(small, "k")
        #expect(memory.bytes == small.size)
        #expect(memory.evictions == 0, "nothing had to go")
    }

    @Test func `forgets what is removed`() {
        var memory = memory(of: 3)
        for key in ["a", "b", "c"] { memory.insert(Entry("1"), key) }
        memory.remove("b")
        memory.remove("never there")
        #expect(kept(memory, of: ["a", "b", "c"]) == ["a", "c"])
        #expect(memory.bytes == 2 * Self.size)
        memory.removeAll()
        #expect(memory.count == 0)
        #expect(memory.bytes == 0)
        #expect(memory.entry("a") == nil)
        memory.insert(Entry("1"), "a")
        #expect(memory.count == 1)
    }

    @Test func `evicts the oldest if none was used`() {
        var memory = memory(of: 3)
        for key in ["a", "b", "c", "d", "e"] { memory.insert(Entry("1"), key) }
        #expect(kept(memory, of: ["a", "b", "c", "d", "e"]) == ["c", "d", "e"])
        #expect(memory.evictions == 2)
    }

    @Test func `spares what was used since the hand last came by`() {
        var memory = memory(of: 3)
        for key in ["a", "b", "c"] { memory.insert(Entry("1"), key) }
        _ = memory.entry("a")
        memory.insert(Entry("1"), "d")
        #expect(kept(memory, of: ["a", "b", "c", "d"]) == ["a", "c", "d"])
    }

    @Test func `goes on where the hand stopped, and does not spare twice for one use`() {
        var memory = memory(of: 3)
        for key in ["a", "b", "c"] { memory.insert(Entry("1"), key) }
        _ = memory.entry("a")
        memory.insert(Entry("1"), "d")  // spares a, takes b; the hand is at c
        memory.insert(Entry("1"), "e")  // takes c, though a is older: that is SIEVE, and not LRU
        #expect(kept(memory, of: ["a", "b", "c", "d", "e"]) == ["a", "d", "e"])
        memory.insert(Entry("1"), "f")  // takes d
        memory.insert(Entry("1"), "g")  // takes e
        memory.insert(Entry("1"), "h")  // takes f
        #expect(kept(memory, of: ["a", "d", "e", "f", "g", "h"]) == ["a", "g", "h"])
    }

    @Test func `evicts the oldest if all were used`() {
        var memory = memory(of: 3)
        for key in ["a", "b", "c"] {
            memory.insert(Entry("1"), key)
            _ = memory.entry(key)
        }
        memory.insert(Entry("1"), "d")
        #expect(kept(memory, of: ["a", "b", "c", "d"]) == ["b", "c", "d"])
    }

    @Test func `evicts as many as it must`() {
        var memory = memory(of: 4)
        for key in ["a", "b", "c", "d"] { memory.insert(Entry("1"), key) }
        let large = Entry(String(repeating: "x", count: 2 * Self.size))
        memory.insert(large, "large")
        #expect(kept(memory, of: ["a", "b", "c", "d", "large"]) == ["d", "large"])
        #expect(memory.evictions == 3)
    }

    @Test func `does not keep what is larger than itself, nor what that replaces`() {
        var memory = memory(of: 1)
        memory.insert(Entry("1"), "k")
        memory.insert(Entry("12"), "other")
        #expect(kept(memory, of: ["k", "other"]) == ["k"], "it makes no room in vain")
        memory.insert(Entry("12"), "k")
        #expect(memory.count == 0, "the old value must not stand for the new one")
        #expect(memory.bytes == 0)
    }

    @Test func `of no bytes keeps nothing`() {
        var memory = EntryMemory(capacity: 0)
        memory.insert(Entry("1"), "k")
        #expect(memory.entry("k") == nil)
        #expect(memory.count == 0)
    }

    @Test func `goes on after the entry under the hand is removed`() {
        var memory = memory(of: 3)
        for key in ["a", "b", "c", "d"] { memory.insert(Entry("1"), key) }  // the hand is at b
        memory.remove("b")
        memory.remove("c")
        memory.remove("d")
        for key in ["e", "f", "g", "h"] { memory.insert(Entry("1"), key) }
        #expect(kept(memory, of: ["e", "f", "g", "h"]) == ["f", "g", "h"])
    }
}
