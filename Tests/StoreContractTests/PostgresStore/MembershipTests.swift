import CacheCoordinator
import EventLoop
import LarderTesting
import Model
import Postgres
import PostgresStore
import Testing

/// Members over a real database. Their cache is this process's memory, which each of them can be cut off from.
@Suite(.enabled(if: TestServers.havePostgres, "the environment names no PostgreSQL"))
struct `Members of a cache, over PostgreSQL` {
    /// A member, and what it reaches.
    private final class Member {
        let lease = CacheLease(clock: { SystemClock.elapsed })
        let backend: ProcessBackend?
        let authority: SQLAuthority
        private let line: Line
        let membership: Membership

        /// - Parameter life: of the server that it reaches; nil if it has none.
        init(_ tags: ProcessTags, life: String?, lease milliseconds: UInt64, _ database: PostgresConfiguration, on loop: Loop) {
            backend = life.map { [lease] in ProcessBackend(tags, lease, life: $0) }
            authority = SQLAuthority(database, on: loop, patience: 10_000)
            var limits = Membership.Limits()
            limits.lease = milliseconds
            limits.margin = 100
            limits.relay = 2_000
            line = Line(authority)
            membership = Membership(lease, line, backend, on: loop, limits: limits)
            membership.start()
        }

        var isPermitted: Bool { lease.grant != nil }

        /// Who is announced on a tag.
        func writers(of tag: Model.Tag) async throws -> [UInt64]? {
            guard case .mark(let mark) = try await backend?.look(at: [tag], entry: nil).tags[0],
                case .only(let ids) = mark.writers
            else { return nil }
            return ids
        }

        func leave() async {
            await membership.leave()
            authority.close()
        }

        /// Says nothing to anybody any more, as if it were killed.
        func die() {
            line.isCut = true
            lease.give(nil)
        }
    }

    /// A member's way to the database, which can be cut.
    private final class Line: CacheAuthority {
        struct Cut: Error {}

        private let base: SQLAuthority
        var isCut = false

        init(_ base: SQLAuthority) { self.base = base }

        private func open() throws -> SQLAuthority {
            if isCut { throw Cut() }
            return base
        }

        var member: String { base.member }
        func renew(obeys epoch: UInt64, life: String?, lease: UInt64) async throws -> CacheRow {
            try await open().renew(obeys: epoch, life: life, lease: lease)
        }
        func leave() async throws { try await open().leave() }
        func row() async throws -> CacheRow { try await open().row() }
        func members() async throws -> [CacheMember] { try await open().members() }
        func close(_ epoch: UInt64) async throws -> CacheRow { try await open().close(epoch) }
        func open(_ epoch: UInt64, life: String, forgetting members: [String]) async throws -> CacheRow {
            try await open().open(epoch, life: life, forgetting: members)
        }
        func send(_ messages: [CacheMessage]) async throws { try await open().send(messages) }
        var onMessage: (CacheMessage) -> Void {
            get { base.onMessage }
            set { base.onMessage = { [unowned self] in if !isCut { newValue($0) } } }
        }
        var onGap: () -> Void {
            get { base.onGap }
            set { base.onGap = newValue }
        }
    }

    private static let tag = Model.Tag("pots:1")

    /// - Parameter lease: how long one lasts, in milliseconds.
    private func withMembers(
        _ lives: [String?], lease: UInt64 = 60_000,
        _ body: @escaping @Sendable (_ members: [Member], _ database: PostgresConfiguration, _ loop: Loop) async throws -> Void
    ) async throws {
        try await LoopPool.shared.run { loop in
            try await withPostgres(TestTables.declared(Declarations(entities: [])), on: loop) { _, database in
                let tags = ProcessTags()
                let members = lives.map { Member(tags, life: $0, lease: lease, database, on: loop) }
                let outcome: Result<Void, any Error>
                do { outcome = .success(try await body(members, database, loop)) } catch { outcome = .failure(error) }
                for member in members { await member.leave() }
                try outcome.get()
            }
        }
    }

    private static func wait(_ loop: Loop, until condition: () -> Bool) async throws {
        let end = loop.now + 20_000
        while !condition() {
            try #require(loop.now < end, "it takes too long")
            await loop.sleep(milliseconds: 5)
        }
    }

    @Test func `that reach the same server use it, and the others do not`() async throws {
        try await withMembers(["L", "L", "other", nil]) { members, _, loop in
            let same = members.prefix(2)
            try await Self.wait(loop) { same.allSatisfy(\.isPermitted) || members[2].isPermitted }
            let isOther = members[2].isPermitted
            try await Self.wait(loop) { isOther || same.allSatisfy(\.isPermitted) }
            await loop.sleep(milliseconds: 100)
            #expect(members.map(\.isPermitted) == (isOther ? [false, false, true, false] : [true, true, false, false]))
        }
    }

    @Test func `announce for one that reaches no server`() async throws {
        try await withMembers(["L", nil]) { members, _, loop in
            try await Self.wait(loop) { members[0].isPermitted }
            try await members[1].membership.announce(7, on: [Self.tag], deadline: loop.now + 20_000)
            #expect(try await members[0].writers(of: Self.tag) == [7])
            #expect(members[1].membership.counters.relayed == 1)
            #expect(members[0].isPermitted, "the cache stays open")
        }
    }

    @Test func `are told many tags in several messages`() async throws {
        try await withMembers(["L", nil]) { members, _, loop in
            try await Self.wait(loop) { members[0].isPermitted }
            let tags = (0..<2_000).map { Model.Tag("pots:\($0)") }
            try await members[1].membership.announce(7, on: tags, deadline: loop.now + 20_000)
            for tag in [tags[0], tags[1_999]] {
                #expect(try await members[0].writers(of: tag) == [7])
            }
        }
    }

    @Test func `close the cache when nobody is left who can announce`() async throws {
        try await withMembers(["L", "L"]) { members, database, loop in
            try await Self.wait(loop) { members.allSatisfy(\.isPermitted) }
            for member in members { await member.leave() }
            let writer = Member(ProcessTags(), life: nil, lease: 60_000, database, on: loop)
            try await writer.membership.announce(7, on: [Self.tag], deadline: loop.now + 20_000)
            #expect(try await !writer.authority.row().isOpen)
            await writer.leave()
        }
    }

    @Test func `wait for one that died for as long as its lease is, once`() async throws {
        try await withMembers(["L", nil], lease: 1_500) { members, _, loop in
            try await Self.wait(loop) { members[0].isPermitted }
            members[0].die()
            let start = loop.now
            try await members[1].membership.announce(7, on: [Self.tag], deadline: loop.now + 20_000)
            #expect(loop.now - start >= 1_500)
            let again = loop.now
            try await members[1].membership.announce(8, on: [Self.tag], deadline: loop.now + 20_000)
            #expect(loop.now - again < 1_000)
        }
    }

    @Test func `open the cache again, in another keyspace, and forget who died`() async throws {
        try await withMembers(["L", "L"], lease: 1_000) { members, _, loop in
            try await Self.wait(loop) { members.allSatisfy(\.isPermitted) }
            let before = try #require(members[0].lease.grant)
            members[1].die()
            _ = try await members[0].authority.close(try await members[0].authority.row().epoch)
            try await Self.wait(loop) { members[0].lease.grant.map { $0.keyspace != before.keyspace } ?? false }
            #expect(try await members[0].authority.members().map(\.id) == [members[0].authority.member])
        }
    }

    @Test func `mark what others than the service have written`() async throws {
        try await withMembers(["L"]) { members, _, loop in
            try await Self.wait(loop) { members[0].isPermitted }
            try await members[0].authority.send([.changed(id: 9, tags: [Self.tag])])
            try await Self.wait(loop) { members[0].membership.counters.heard == 1 }
            #expect(try await members[0].writers(of: Self.tag) == [9])
            let keyspace = members[0].lease.grant?.keyspace
            try await members[0].authority.send([.changed(id: 9, tags: nil)])
            try await Self.wait(loop) { members[0].lease.grant.map { $0.keyspace != keyspace } ?? false }
        }
    }
}
