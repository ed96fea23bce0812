import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A process's backend` {
    /// Milliseconds, as both backends see them.
    private final class Clock {
        var now: UInt64 = 1_000
    }

    private let clock = Clock()
    private let backend: ProcessBackend
    /// Of another worker.
    private let other: ProcessBackend

    init() {
        let tags = ProcessTags()
        let clock = clock
        backend = ProcessBackend(tags) { clock.now }
        other = ProcessBackend(tags) { clock.now }
    }

    @Test func `shares tags with the other workers, and no entries`() async throws {
        let created = try await backend.createTokens(for: [.a, .b])
        backend.store(Entry().bytes, under: "k", lifetime: 1_000, in: created.keyspace)
        let seen = try await other.look(at: [.b, .a], entry: "k")
        #expect(seen.tags == created.tags.reversed())
        #expect(seen.keyspace == created.keyspace)
        #expect(seen.entry == nil)
        #expect(try await backend.look(at: [.a], entry: "k").entry == nil)
    }

    @Test func `shows what all workers know of a tag, and nothing of entries`() async throws {
        #expect(try await backend.inspect("a").tag == nil)
        let created = try await other.createTokens(for: [.a])
        let known = try await backend.inspect("a")
        #expect(known.tag == CacheInspection.TagValue(state: created.tags[0], writers: [], expiresIn: nil))
        #expect(known.entry == nil)

        let write = try await other.announce([.a], lifetime: 100)
        clock.now += 40
        let mark = CacheInspection.Writer(name: write.writer, expiresIn: 60)
        #expect(try await backend.inspect("a").tag == .init(state: .intent, writers: [mark], expiresIn: 60))
        clock.now += 60
        #expect(try await backend.inspect("a").tag == nil)
    }

    @Test func `counts the tags that are known and those that a writer is announced on`() async throws {
        func counts() async throws -> [Int] { try await backend.stock().counts.map(\.value) }
        #expect(try await counts() == [0, 0])
        _ = try await other.createTokens(for: [.a, .b])
        #expect(try await counts() == [2, 0])
        let write = try await other.announce([.a], lifetime: 100)
        #expect(try await counts() == [2, 1])
        _ = try await other.release(write)
        #expect(try await counts() == [2, 0])
    }

    @Test func `is ready at once, and has nobody to tell of writes`() async throws {
        backend.start()
        try await backend.waitUntilReady(milliseconds: 0)
        backend.settleLater([.a], lifetime: 1_000)
        #expect(backend.isSettled)
    }

    @Test func `has one keyspace for good, in which nothing holds off`() async throws {
        #expect(backend.keyspace != nil)
        #expect(backend.keyspace == other.keyspace)
        #expect(try await backend.look(at: [], entry: nil).keyspace == backend.keyspace)
    }

    @Test func `marks what is announced for all workers, as long as it was told`() async throws {
        let announcement = try await backend.announce([.a], lifetime: 500)
        #expect(announcement.tags == [.a])
        #expect(announcement.keyspace == backend.keyspace)
        #expect(try await other.look(at: [.a, .b], entry: nil).tags == [.intent, .absent])
        clock.now += 499
        #expect(try await other.look(at: [.a], entry: nil).tags == [.intent])
        clock.now += 1
        #expect(try await other.look(at: [.a], entry: nil).tags == [.absent])
    }

    @Test func `gives a writer the new token if it was alone on the tag`() async throws {
        let announcement = try await backend.announce([.a, .b], lifetime: 500)
        let another = try await other.announce([.b], lifetime: 500)
        let tokens = try await backend.release(announcement)
        #expect(try await other.look(at: [.a, .b], entry: nil).tags == [.version(try #require(tokens[0])), .intent])
        #expect(tokens[1] == nil)
        #expect(try await other.release(another) == [nil])
    }

    @Test func `makes what is invalidated another version, and leaves intents`() async throws {
        let before = try await backend.createTokens(for: [.a]).tags[0]
        let announcement = try await other.announce([.b], lifetime: 500)
        try await backend.invalidate([.a, .b])
        let after = try await backend.look(at: [.a, .b], entry: nil).tags
        #expect(after[0].token != nil && after[0] != before)
        #expect(after[1] == .intent)
        #expect(try await other.release(announcement) == [nil], "what changed meanwhile, changed")
    }

    @Test func `forgets tokens when it is cleared, and keeps intents`() async throws {
        _ = try await backend.createTokens(for: [.a])
        _ = try await backend.announce([.b], lifetime: 500)
        try await other.clear()
        #expect(try await backend.look(at: [.a, .b], entry: nil).tags == [.absent, .intent])
    }
}
