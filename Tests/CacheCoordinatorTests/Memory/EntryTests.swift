import Domain
import Testing

@testable import CacheCoordinator

@Suite struct `An entry` {
    @Test func `is valid if every tag has the token that it carries`() {
        let entry = Entry(tags: [.a, .b], tokens: .numbers(1, 2))
        #expect(entry.isValid(under: [.version(1), .version(2)]))
        #expect(entry.isValid(under: [.version(1), .version(2), .intent]), "the third tag is none of its own")
    }

    @Test(
        arguments: [
            [.version(1), .version(3)], [.version(3), .version(2)], [.version(2), .version(1)], [.version(1), .absent],
            [.absent, .version(2)], [.version(1), .intent], [.intent, .version(2)], [.absent, .absent], [.version(1)], [],
        ] as [[TagState]])
    func `is invalid under any other states`(_ states: [TagState]) {
        #expect(!Entry(tags: [.a, .b], tokens: .numbers(1, 2)).isValid(under: states))
    }

    @Test func `counts at least the bytes of its value and its tags`() {
        let text = String(repeating: "x", count: 10_000)
        let entry = Entry(text, tags: [Tag(String(repeating: "t", count: 500))])
        #expect(entry.size >= 10_500)
        #expect(Entry(text + "y").size == Entry(text).size + 1)
    }

    @Test func `that says that there is nothing counts its tags alone`() {
        #expect(Entry(nil, tags: [.a]).size == Entry("", tags: [.a]).size)
        #expect(Entry(nil, tags: [.a, .b], tokens: .numbers(1, 2)).size > Entry(nil, tags: [.a]).size)
        #expect(Entry(nil).with(.gzip).encoded == nil)
    }
}

@Suite struct `An entry's bytes` {
    private static let now: Int64 = 1_700_000_000_000

    static var samples: [Entry] {
        [
            Entry("", tags: [], tokens: []),
            Entry(#"{"id":7}"#, tags: [Tag("products:7")], tokens: .numbers(.max), expires: now),
            Entry("grüße", tags: [Tag("größe"), .b, .c], tokens: .numbers(0, 1, 1 << 63), expires: .min),
            Entry(
                value(String(repeating: "x", count: 100_000), next: "cursor"), tags: [.a], tokens: .numbers(5), expires: 0,
                validated: 0),
            Entry(
                value("many"), tags: (0..<1_000).map { Tag("tag:\($0)") }, tokens: (0..<1_000).map(VersionToken.init),
                expires: 1, validated: 0),
            Entry(nil, tags: [Tag("products:8")], tokens: .numbers(3), expires: now),
            Entry(nil, tags: [], tokens: []),
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
        let tags = (0..<70_000).map { Tag("products:\($0)") }
        let cursor = String(repeating: "x", count: 300_000)
        let entry = Entry(
            Encoded(bytes: [1], tag: EntityTag(high: 1, low: 2), next: cursor), tags: tags, tokens: tags.map { _ in .random() },
            expires: Self.now, validated: Self.now)
        let copy = try #require(Entry(bytes: entry.bytes, now: Self.now))
        #expect(copy.tags == tags)
        #expect(copy.encoded?.next == cursor)
    }

    @Test func `are no entry when they are cut off before the value`() {
        let entry = Entry("value", tags: [.a, .b], tokens: .numbers(1, 2))
        let bytes = entry.bytes
        for count in 0..<bytes.count - 5 { #expect(Entry(bytes: Array(bytes[..<count]), now: 0) == nil, "\(count) bytes") }
        #expect(Entry(bytes: Array(bytes[..<(bytes.count - 5)]), now: 0)?.encoded?.bytes.isEmpty == true)
    }

    @Test func `that say that there is nothing are no entry when one of them is missing or one follows`() {
        let bytes = Entry(nil, tags: [.a, .b], tokens: .numbers(1, 2)).bytes
        for count in bytes.indices { #expect(Entry(bytes: Array(bytes[..<count]), now: 0) == nil, "\(count) bytes") }
        #expect(Entry(bytes: bytes, now: 0) != nil)
        #expect(Entry(bytes: bytes + [0], now: 0) == nil)
    }

    @Test func `are no entry when they say neither that there is something nor that there is nothing`() {
        for entry in [Entry("value"), Entry(nil)] {
            var bytes = entry.bytes
            #expect(bytes[26] == (entry.encoded == nil ? 0 : 1))
            bytes[26] = 2
            #expect(Entry(bytes: bytes, now: 0) == nil)
        }
    }

    @Test func `are no entry in another format`() {
        var bytes = Entry().bytes
        bytes[0] += 1
        #expect(Entry(bytes: bytes, now: 0) == nil)
    }

    @Test func `are no entry when a length says more than there is`() {
        let bytes = Entry("", tags: [.a], tokens: .numbers(1)).bytes
        // The count of tags, the length of the tag, the length of the cursor.
        for position in [9, 21, 43] {
            var broken = bytes
            broken[position] = 0xFF
            #expect(Entry(bytes: broken, now: 0) == nil, "byte \(position)")
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func `may be anything, and are an entry or none`(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        for _ in 0..<200 {
            var bytes = (0..<Int.random(in: 0...90, using: &numbers)).map { _ in UInt8.random(in: 0...255, using: &numbers) }
            // Most would end at the first byte; small lengths let it come further.
            if !bytes.isEmpty { bytes[0] = Entry().bytes[0] }
            for position in bytes.indices.dropFirst(9) where Bool.random(using: &numbers) {
                bytes[position] = UInt8.random(in: 0...2, using: &numbers)
            }
            guard let entry = Entry(bytes: bytes, now: 0) else { continue }
            #expect(entry.tags.count == entry.tokens.count)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func `with some of them changed are an entry or none`(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let bytes = Entry("value", tags: [.a, .b, .c], tokens: .numbers(1, 2, 3)).bytes
        for _ in 0..<200 {
            var broken = bytes
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                broken[Int.random(in: broken.indices, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
            }
            guard let entry = Entry(bytes: broken, now: 0) else { continue }
            #expect(entry.tags.count == entry.tokens.count)
        }
    }
}
