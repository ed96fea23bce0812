import Bytes
import LarderTesting
import Model
import Testing

@testable import CacheCoordinator

@Suite struct `An entry's bytes` {
    private static let now: Int64 = 1_700_000_000_000

    static var samples: [Entry] {
        [
            Entry(#"{"id":7}"#, tags: [Tag("jars:7")], tokens: .numbers(.max), expires: now),
            Entry("", tags: [.a], tokens: .numbers(0), expires: 0),
            Entry("grüße", tags: [Tag("größe"), .b, .c], tokens: .numbers(0, 1, 1 << 63), expires: .min),
            Entry(
                value(String(repeating: "x", count: 100_000), next: "cursor"), tags: [.a], tokens: .numbers(5), expires: 0,
                validated: 0),
            Entry(
                value("many"), tags: (0..<1_000).map { Tag("tag:\($0)") }, tokens: (0..<1_000).map(VersionToken.init),
                expires: 1, validated: 0),
            Entry(nil, tags: [Tag("jars:8")], tokens: .numbers(3), expires: now),
        ]
    }

    @Test(arguments: samples.indices) func `give the same entry back`(_ number: Int) throws {
        let entry = Self.samples[number]
        let copy = try #require(Entry(bytes: entry.bytes, now: Self.now))
        #expect(copy.encoded?.bytes == entry.encoded?.bytes)
        #expect(copy.encoded?.tag == entry.encoded?.tag)
        #expect(copy.encoded?.next == entry.encoded?.next)
        #expect(copy.tags == entry.tags)
        #expect(copy.tokens == entry.tokens)
        #expect(copy.expires == entry.expires)
        #expect(copy.validated == Self.now)
        #expect(copy.bytes == entry.bytes)
    }

    @Test func `have room for more tags, and a longer cursor, than any sensible value has`() throws {
        let tags = (0..<70_000).map { Tag("jars:\($0)") }
        let cursor = String(repeating: "x", count: 300_000)
        let entry = Entry(
            Encoded(bytes: [1], tag: EntityTag(high: 1, low: 2), next: cursor), tags: tags, tokens: tags.map { _ in .random() },
            expires: Self.now, validated: Self.now)
        let copy = try #require(Entry(bytes: entry.bytes, now: Self.now))
        #expect(copy.tags == tags)
        #expect(copy.encoded?.next == cursor)
    }

    @Test func `are no entry under another key`() {
        let bytes = Entry(nil).bytes(under: "jars:8")
        #expect(Entry(bytes: bytes, under: "jars:8", now: 0) != nil)
        for key in ["jars?&sort=id&limit=3", "jars:80", "jars:", ""] {
            #expect(Entry(bytes: bytes, under: key, now: 0) == nil, "\(key)")
        }
    }

    @Test func `are no entry without tags, which nothing would ever make invalid`() {
        for value in ["value", nil] {
            #expect(Entry(bytes: Entry(value, tags: [], tokens: []).bytes, now: 0) == nil)
        }
    }

    @Test(arguments: ["value", "", nil]) func `are no entry when they are cut off or something follows`(_ value: String?) {
        let bytes = Entry(value, tags: [.a, .b], tokens: .numbers(1, 2)).bytes
        for count in bytes.indices { #expect(Entry(bytes: Array(bytes[..<count]), now: 0) == nil, "\(count) bytes") }
        #expect(Entry(bytes: bytes, now: 0) != nil)
        #expect(Entry(bytes: bytes + [0], now: 0) == nil)
    }

    @Test(arguments: ["value", nil]) func `are no entry when one bit of them differs`(_ value: String?) {
        let bytes = Entry(value, tags: [.a, .b], tokens: .numbers(1, 2)).bytes
        for position in bytes.indices {
            for bit in 0..<8 {
                var broken = bytes
                broken[position] ^= 1 << bit
                #expect(Entry(bytes: broken, now: 0) == nil, "bit \(bit) of byte \(position)")
            }
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `with some of them changed, lost, repeated or another entry's are that entry or none`(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let entries = Self.samples.map(\.bytes).filter { $0.count < 1_000 }
        for _ in 0..<200 {
            let original = entries.randomElement(using: &numbers)!
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &numbers) where !bytes.isEmpty {
                let position = Int.random(in: bytes.indices, using: &numbers)
                let end = Int.random(in: position..<bytes.count, using: &numbers)
                switch Int.random(in: 0..<5, using: &numbers) {
                case 0: bytes[position] = UInt8.random(in: 0...255, using: &numbers)
                case 1: bytes.removeSubrange(position...end)
                case 2: bytes.insert(contentsOf: bytes[position...end], at: position)
                case 3: bytes = Array(bytes.prefix(position) + entries.randomElement(using: &numbers)!.dropFirst(position))
                default: bytes.swapAt(position, end)
                }
            }
            guard let entry = Entry(bytes: bytes, now: 0) else { continue }
            // Another entry as a whole is none that this test could tell from the one that belongs there.
            #expect(entry.bytes == bytes && entries.contains(bytes))
        }
    }

    /// What nobody stores but who knows the form: the digest is right and the rest is anything.
    @Test(arguments: 0..<20 as Range<UInt64>) func `may be anything behind their digest, and are an entry or none`(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let original = Entry("value", tags: [.a, .b, .c], tokens: .numbers(1, 2, 3)).bytes
        var readable = 0
        for _ in 0..<500 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &numbers) {
                // Lengths and counts say anything, mostly something small.
                bytes[Int.random(in: 17..<bytes.count, using: &numbers)] = [0, 1, 2, 0x7F, 0xFF].randomElement(using: &numbers)!
            }
            bytes.removeLast(Int.random(in: 0...bytes.count / 2, using: &numbers))
            bytes.replaceSubrange(1..<17, with: SHA256(Array(bytes[17...])).bytes.prefix(16))
            guard let entry = Entry(bytes: bytes, now: 0) else { continue }
            readable += 1
            #expect(!entry.tags.isEmpty && entry.tags.count == entry.tokens.count)
        }
        #expect(readable > 0, "the digest is computed as entries have it")
    }

    @Test func `are no entry in another format`() {
        var bytes = Entry().bytes
        bytes[0] += 1
        #expect(Entry(bytes: bytes, now: 0) == nil)
    }
}
