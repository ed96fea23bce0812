import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A process's backend` {
    private let lease = CacheLease(clock: { 1_000 })
    private let backend: ProcessBackend
    /// Of another worker.
    private let other: ProcessBackend

    init() {
        let tags = ProcessTags()
        backend = ProcessBackend(tags, lease, life: "life")
        other = ProcessBackend(tags, lease, life: "life")
        lease.give(.init(keyspace: .first, life: "life", end: .max))
    }

    private func states(_ tags: Tag...) async throws -> [TagState] {
        try await other.look(at: tags, entry: nil).tags.map(\.withoutOrigin)
    }

    @Test func `shares tags with the other workers, and no entries`() async throws {
        let placed = try await backend.place(on: [.a, .b])
        #expect(placed.tags.allSatisfy { if case .placeholder = $0 { true } else { false } })
        backend.fill(CacheFill(keyspace: .first, changes: [], entry: ("k", Entry().bytes, 1_000)))
        let seen = try await other.look(at: [.b, .a], entry: "k")
        #expect(seen.tags == placed.tags.reversed())
        #expect(seen.keyspace == .first)
        #expect(seen.entry == nil)
    }

    @Test func `puts a placeholder only where nothing is known`() async throws {
        try await other.announce(7, on: [.a], in: .first, life: "life")
        let placed = try await backend.place(on: [.a, .b]).tags
        #expect(placed[0].withoutOrigin == .mark(nil, 7))
        #expect(try await backend.place(on: [.b]).tags == [placed[1]])
    }

    @Test func `changes what is still as it was looked at, and nothing else`() async throws {
        let placed = try await backend.place(on: [.a, .b]).tags
        try await other.announce(7, on: [.b], in: .first, life: "life")
        let changes = zip([Tag.a, .b], placed).map { CacheFill.Change($0, from: $1, to: .token(1)) }
        backend.fill(CacheFill(keyspace: .second, changes: changes, entry: nil))
        #expect(try await states(.a) == [placed[0]], "of another keyspace nothing is known here")
        backend.fill(CacheFill(keyspace: .first, changes: changes, entry: nil))
        #expect(try await states(.a, .b) == [.token(1), .mark(nil, 7)])
    }

    @Test func `marks what is announced, invalidates, and forgets`() async throws {
        let placed = try await backend.place(on: [.a]).tags
        backend.fill(CacheFill(keyspace: .first, changes: [.init(.a, from: placed[0], to: .token(1, stamp: 5))], entry: nil))
        try await backend.announce(7, on: [.a], in: .first, life: "life")
        try await backend.announce(8, on: [.a], in: .first, life: "life")
        #expect(try await states(.a) == [.mark(5, 7, 8)])
        try await backend.invalidate([.a])
        #expect(try await states(.a) != placed)
        #expect(try await states(.a)[0].asksWhoWrites)
        try await backend.clear()
        #expect(try await states(.a) == [.absent])
    }

    @Test func `knows nothing in one keyspace of what it knew in another, and takes announcements for either`() async throws {
        _ = try await backend.place(on: [.a])
        try await backend.announce(7, on: [.b], in: .second, life: "life")
        lease.give(.init(keyspace: .second, life: "life", end: .max))
        #expect(try await states(.a, .b) == [.absent, .mark(nil, 7)])
        try await backend.announce(8, on: [.b], in: .first, life: "life")
        #expect(try await states(.a, .b) == [.absent, .mark(nil, 7)], "one that comes late is of the one before")
    }

    @Test func `is closed without a lease, and with that of another life`() async throws {
        for grant in [
            nil, CacheLease.Grant(keyspace: .first, life: "other", end: .max), .init(keyspace: .first, life: "life", end: 1_000),
        ] {
            lease.give(grant)
            #expect(backend.keyspace == nil)
            await #expect(throws: CacheUnavailable.closed) { try await backend.look(at: [.a], entry: nil) }
            await #expect(throws: CacheUnavailable.closed) { try await backend.place(on: [.a]) }
        }
        try await backend.announce(7, on: [.a], in: .first, life: "life")
        await #expect(throws: CacheUnavailable.closed) { try await backend.announce(7, on: [.a], in: .first, life: "other") }
    }

    @Test func `shows and counts what is known of tags`() async throws {
        func counts() async throws -> [Int] { try await backend.stock().counts.map(\.value) }
        #expect(try await counts() == [0, 0])
        #expect(try await backend.inspect("a").tag == nil)
        _ = try await other.place(on: [.a, .b])
        try await other.announce(7, on: [.a], in: .first, life: "life")
        #expect(try await counts() == [2, 1])
        #expect(try await backend.inspect("a").tag?.state.withoutOrigin == .mark(nil, 7))
    }

    @Test func `is ready at once`() async throws {
        backend.start()
        try await backend.waitUntilReady(milliseconds: 0)
    }
}
