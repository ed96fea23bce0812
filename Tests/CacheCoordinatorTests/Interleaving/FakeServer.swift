import Model

@testable import CacheCoordinator

/// A cache server that all workers share, and what the database permits of it. The server restarts, evicts, and is not always
/// reached, by all workers or by none; that some reach it and others do not is the membership's matter.
final class FakeServer {
    let flaw: Flaw?
    private(set) var tags: [Tag: TagState] = [:]
    var entries: [String: [UInt8]] = [:]
    private(set) var life = "1"
    /// Another one after each interruption; nil while the server is not reached.
    private(set) var connection: Int? = 1
    private var connections = 1
    private var epoch = 1
    let lease = CacheLease(clock: { 0 })

    init(_ flaw: Flaw?) {
        self.flaw = flaw
        open()
    }

    // MARK: What the database permits

    var isOpen: Bool { lease.grant != nil }

    func close() { lease.give(nil) }

    /// Begins in a keyspace in which nothing ever was.
    func open() {
        if flaw != .opensWhereItWas {
            epoch += 1
            tags = [:]
            entries = [:]
        }
        lease.give(.init(keyspace: Keyspace("\(epoch)"), life: life, end: .max))
    }

    // MARK: What befalls it

    func cutOff() { connection = nil }

    func reconnect() {
        connections += 1
        connection = connections
    }

    func restart() {
        life += "+"
        tags = [:]
        entries = [:]
        reconnect()
    }

    func evictTags() { tags = [:] }

    // MARK: What it does

    func states(of tags: [Tag]) -> [TagState] {
        tags.map { tag in
            let state = self.tags[tag] ?? .absent
            if flaw == .forgetsStamps, case .token(let token, _) = state { return .token(token, stamp: 0) }
            return state
        }
    }

    func place(on tags: [Tag]) -> [TagState] {
        tags.map { tag in
            if let state = self.tags[tag] { return state }
            let placeholder = TagState.placeholder(.random())
            if flaw != .placesNothing { self.tags[tag] = placeholder }
            return placeholder
        }
    }

    func announce(_ id: UInt64, on tags: [Tag]) {
        if flaw == .announcesNothing { return }
        for tag in tags { self.tags[tag] = (self.tags[tag] ?? .absent).announced(id) }
    }

    func fill(_ fill: CacheFill) {
        var isKept = true
        for change in fill.changes {
            let state = tags[change.tag]
            var isAsBefore = state == change.from
            if flaw == .forgetsStamps, case .token = state { isAsBefore = false }
            if flaw == .placesNothing, state == nil, case .placeholder = change.from { isAsBefore = true }
            if isAsBefore || flaw == .comparesNothing { tags[change.tag] = change.to } else { isKept = false }
        }
        if isKept, let entry = fill.entry { entries[entry.key] = entry.bytes }
    }

    func writeThrough(_ value: WrittenValue, by id: UInt64) {
        guard case .mark(let mark) = tags[value.tag], let stamp = mark.stamp else { return }
        let isAlone = flaw == .believesToBeAlone || mark.writers == .only([id])
        guard isAlone else { return }
        tags[value.tag] = .token(value.token, stamp: max(stamp, id + 1))
        entries[value.key] = value.bytes
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

    var life: String? { server.connection == nil ? nil : server.life }
    var keyspace: Keyspace? { server.lease.grant?.keyspace }

    private func ask<Answer>(
        _ what: String, _ answer: () throws(CacheUnavailable) -> Answer
    ) async throws(CacheUnavailable) -> Answer {
        guard let connection = server.connection else { throw .unreachable }
        await schedule.step("worker \(worker) \(what)")
        guard server.connection == connection else { throw .unreachable }
        let answer = try answer()
        await schedule.step("worker \(worker) \(what): the answer")
        guard server.connection == connection else { throw .unreachable }
        return answer
    }

    /// Looked at when the message leaves, and the message never comes to another life of the server.
    private func open() throws(CacheUnavailable) -> Keyspace {
        guard let grant = server.lease.grant, grant.life == server.life else { throw .closed }
        return grant.keyspace
    }

    func look(at tags: [Tag], entry key: String?) async throws(CacheUnavailable) -> CacheLook {
        let keyspace = try open()
        return try await ask("looks at \(tags)") { () throws(CacheUnavailable) in
            guard self.keyspace == keyspace else {
                return CacheLook(keyspace: keyspace, tags: tags.map { _ in .absent }, entry: nil)
            }
            return CacheLook(keyspace: keyspace, tags: server.states(of: tags), entry: key.flatMap { server.entries[$0] })
        }
    }

    func place(on tags: [Tag]) async throws(CacheUnavailable) -> CacheLook {
        let keyspace = try open()
        return try await ask("places on \(tags)") { () throws(CacheUnavailable) in
            guard self.keyspace == keyspace else { throw .closed }
            return CacheLook(keyspace: keyspace, tags: server.place(on: tags), entry: nil)
        }
    }

    private func tell(_ what: String, _ body: @escaping () -> Void) {
        guard let connection = server.connection, let keyspace else { return }
        schedule.spawn { [self] in
            await schedule.step("worker \(worker) \(what)")
            if server.connection == connection, self.keyspace == keyspace { body() }
        }
    }

    func fill(_ fill: CacheFill) {
        guard fill.keyspace == keyspace else { return }
        tell("fills \(fill.entry?.key ?? "nothing")") { [server] in server.fill(fill) }
    }

    func writeThrough(_ values: [WrittenValue], by id: UInt64) {
        for value in values { tell("stores \(value.key)") { [server] in server.writeThrough(value, by: id) } }
    }

    func announce(
        _ id: UInt64, on tags: [Tag], in keyspace: Keyspace, life: String
    ) async throws(CacheUnavailable) {
        guard life == server.life else { throw .closed }
        try await ask("announces") { () throws(CacheUnavailable) in
            if self.keyspace == keyspace { server.announce(id, on: tags) }
        }
    }

    func invalidate(_ tags: [Tag]) async throws(CacheUnavailable) { preconditionFailure("nobody invalidates by hand") }
    func clear() async throws(CacheUnavailable) { preconditionFailure("nobody clears") }
}

/// Closes the cache for what could not be announced.
struct FakeAnnouncer: Announcer {
    let server: FakeServer
    let schedule: Schedule

    func announce(_ id: UInt64, on tags: [Tag], deadline: UInt64) async throws {
        await schedule.step("the cache is closed")
        if server.flaw != .commitsWhatNobodyAnnounced { server.close() }
    }
}
