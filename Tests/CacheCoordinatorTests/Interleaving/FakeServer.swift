import Model

@testable import CacheCoordinator

/// A cache server that all workers share. It restarts, evicts, and is not always reached.
///
/// Either all workers reach it or none: docs/freshness.md says why.
final class FakeServer {
    static let intentLifetime = 100

    let flaw: Flaw?
    private(set) var tags: ProcessBackend
    private(set) var keyspace = Keyspace("1")
    var entries: [String: [UInt8]] = [:]
    var isHoldingOff = false
    /// Another one after each interruption; nil while the server is not reached.
    private(set) var connection: Int? = 1
    private var connections = 1
    private var unsettled: [Tag] = []
    private let clock: Clock

    private final class Clock {
        var now: UInt64 = 0
    }

    init(_ flaw: Flaw?) {
        self.flaw = flaw
        let clock = Clock()
        self.clock = clock
        tags = Self.newTags(clock)
    }

    private static func newTags(_ clock: Clock) -> ProcessBackend { ProcessBackend(ProcessTags()) { clock.now } }

    // MARK: What befalls it

    func cutOff() { connection = nil }

    /// All workers connect again, and settle what they have to before any of them reads.
    func reconnect() async {
        connections += 1
        connection = connections
        let tags = unsettled
        unsettled = []
        await settle(tags)
    }

    func restart() {
        tags = Self.newTags(clock)
        entries = [:]
        keyspace = Keyspace("\(keyspace.name)+")
        isHoldingOff = flaw != .needsNoHoldOff
        connections += 1
        connection = connections
    }

    func evictTags() async {
        if flaw == .evictsIntents { tags = Self.newTags(clock) } else { try? await tags.clear() }
    }

    /// So much time passes that all intents expire.
    func expireIntents() { clock.now += UInt64(Self.intentLifetime) + 1 }

    func settle(_ tags: [Tag]) async {
        if flaw == .forgetsWhatWasNotAnnounced { return }
        if connection == nil {
            unsettled += tags
        } else {
            _ = try? await self.tags.announce(tags, lifetime: Self.intentLifetime)
        }
    }
}

/// A worker's way to the server: a message and its answer are a step each, and either may be lost.
final class FakeBackend: CacheBackend {
    private let server: FakeServer
    private let schedule: Schedule
    private let worker: Int

    init(_ server: FakeServer, _ schedule: Schedule, worker: Int) {
        self.server = server
        self.schedule = schedule
        self.worker = worker
    }

    var keyspace: Keyspace? { server.keyspace }

    private func ask<Answer>(
        _ what: String, _ answer: () async throws(CacheUnavailable) -> Answer
    ) async throws(CacheUnavailable) -> Answer {
        guard let connection = server.connection else { throw .unreachable }
        await schedule.step("worker \(worker) \(what)")
        guard server.connection == connection else { throw .unreachable }
        let answer = try await answer()
        await schedule.step("worker \(worker) \(what): the answer")
        guard server.connection == connection else { throw .unreachable }
        return answer
    }

    func look(at tags: [Tag], entry key: String?) async throws(CacheUnavailable) -> CacheLook {
        if server.isHoldingOff { throw .holdOff }
        return try await ask("looks at \(tags)") { () async throws(CacheUnavailable) in
            let states = try await server.tags.look(at: tags, entry: nil).tags
            return CacheLook(keyspace: server.keyspace, tags: states, entry: key.flatMap { server.entries[$0] })
        }
    }

    func createTokens(for tags: [Tag]) async throws(CacheUnavailable) -> CacheLook {
        if server.isHoldingOff { throw .holdOff }
        return try await ask("creates tokens for \(tags)") { () async throws(CacheUnavailable) in
            let states = try await server.tags.createTokens(for: tags).tags
            return CacheLook(keyspace: server.keyspace, tags: states, entry: nil)
        }
    }

    func store(_ entry: [UInt8], under key: String, lifetime milliseconds: Int, in keyspace: Keyspace) {
        guard let connection = server.connection, server.keyspace == keyspace, !server.isHoldingOff else { return }
        schedule.spawn { [self] in
            await schedule.step("worker \(worker) stores \(key)")
            guard server.connection == connection else { return }
            server.entries[key] = await withTokens(of: server.flaw, entry, key)
        }
    }

    private func withTokens(of flaw: Flaw?, _ bytes: [UInt8], _ key: String) async -> [UInt8]? {
        guard let entry = Entry(bytes: bytes, under: key, now: 0),
            flaw == .takesTokensAfterTheLoad || flaw == .takesTokensAfterALoadThatFoundNothing && entry.encoded == nil
        else { return bytes }
        guard let look = try? await server.tags.look(at: entry.tags, entry: nil),
            case .load(let tokens) = ReadDecision(entry: nil, states: look.tags)
        else { return nil }
        return Entry(entry.encoded, tags: entry.tags, tokens: tokens, expires: entry.expires, validated: 0)
            .bytes(under: key)
    }

    func announce(_ tags: [Tag], lifetime milliseconds: Int) async throws(CacheUnavailable) -> Announcement {
        try await ask("announces") { () async throws(CacheUnavailable) in
            let marked = server.flaw == .announcesNothing ? [] : tags
            var announcement = try await server.tags.announce(marked, lifetime: milliseconds)
            announcement.tags = tags
            announcement.keyspace = server.keyspace
            return announcement
        }
    }

    func release(_ announcement: Announcement) async throws(CacheUnavailable) -> [VersionToken?] {
        try await ask("releases") { () async throws(CacheUnavailable) in
            guard server.keyspace == announcement.keyspace else { return announcement.tags.map { _ in nil } }
            return try await server.tags.release(announcement)
        }
    }

    func settleLater(_ tags: [Tag], lifetime milliseconds: Int) {
        // It suspends nowhere, so it is done before the write goes on.
        schedule.spawn { [server] in await server.settle(tags) }
    }

    func invalidate(_ tags: [Tag]) async throws(CacheUnavailable) { preconditionFailure("nobody invalidates by hand") }
    func clear() async throws(CacheUnavailable) { preconditionFailure("nobody clears") }
}
