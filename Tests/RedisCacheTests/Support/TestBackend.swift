import CacheCoordinator
import EventLoop
import LarderTesting
import Model

@testable import RedisCache

/// Swift Testing has tags too.
typealias Tag = Model.Tag

/// A backend with what a test wants to know and to decide. It has a lease on whatever server it meets.
final class TestBackend {
    let loop: Loop
    let lease: CacheLease
    let backend: RedisBackend
    private let log = Log<RedisEvent>()

    init(_ configuration: RedisConfiguration, on loop: Loop) {
        self.loop = loop
        lease = CacheLease(clock: { SystemClock.elapsed })
        backend = RedisBackend(configuration, lease, on: loop) { [log] in log.items.append($0) }
        backend.onLifeChange = { [unowned self] in if backend.life != nil { grant() } }
        backend.start()
    }

    var events: [RedisEvent] { log.items }

    /// Permits the use of a keyspace.
    func grant(_ keyspace: Keyspace = Keyspace("test"), life: String? = nil, milliseconds: UInt64 = 60_000) {
        lease.give(.init(keyspace: keyspace, life: life ?? backend.life ?? "", end: SystemClock.elapsed + milliseconds))
    }

    func ready() async throws {
        guard await loop.wait(atMost: 10_000, until: { backend.keyspace != nil }) else { throw NotReady(events: events) }
    }

    struct NotReady: Error { var events: [RedisEvent] }

    /// The state of one tag, but for the origin of a mark.
    func state(_ tag: Tag) async throws -> TagState { try await states(tag)[0] }

    func states(_ tags: Tag...) async throws -> [TagState] {
        try await backend.look(at: tags, entry: nil).tags.map(\.withoutOrigin)
    }

    /// The state of one tag as it is.
    func wholeState(_ tag: Tag) async throws -> TagState { try await backend.look(at: [tag], entry: nil).tags[0] }

    /// Gives a tag of which nothing is known a token.
    func token(_ tag: Tag, stamp: UInt64 = 1) async throws -> TagState {
        let placed = try await backend.place(on: [tag]).tags[0]
        if case .token = placed { return placed }
        let token = TagState.token(.random(), stamp: stamp)
        fill([.init(tag, from: placed, to: token)])
        guard try await state(tag) == token else { throw IsMarked() }
        return token
    }

    struct IsMarked: Error {}

    /// Stores an entry, whatever its tags.
    func store(_ bytes: [UInt8], under key: String, lifetime: Int = 60_000, in keyspace: Keyspace = Keyspace("test")) {
        backend.fill(CacheFill(keyspace: keyspace, changes: [], entry: (key, bytes, lifetime)))
    }

    func fill(_ changes: [CacheFill.Change], entry: (key: String, bytes: [UInt8], lifetime: Int)? = nil) {
        backend.fill(CacheFill(keyspace: Keyspace("test"), changes: changes, entry: entry))
    }

    func announce(_ id: UInt64, on tags: Tag..., in keyspace: Keyspace = Keyspace("test")) async throws {
        try await backend.announce(id, on: tags, in: keyspace, life: backend.life ?? "")
    }

    func entry(_ key: String) async throws -> [UInt8]? { try await backend.look(at: [], entry: key).entry }

    /// A command behind the backend's back, on the same connection.
    @discardableResult
    func command(_ arguments: RedisArgument...) async throws -> RedisValue {
        guard let connection = backend.link.connection else { throw CacheUnavailable.unreachable }
        return try await connection.run(arguments)
    }

    /// The full name of a tag's key.
    func key(_ tag: Tag) -> RedisArgument { backend.keys(of: Keyspace("test")).tag(tag) }
}

extension TagState {
    static func mark(_ stamp: UInt64?, _ writers: UInt64...) -> TagState { .mark(Mark(stamp: stamp, writers: .only(writers))) }

    var isPlaceholder: Bool { if case .placeholder = self { true } else { false } }
}

/// Runs `body` with a connected backend on a loop of its own.
func withBackend<Result: Sendable>(
    _ configuration: RedisConfiguration? = nil, _ body: @escaping @Sendable (TestBackend) async throws -> Result
) async throws -> Result {
    let configuration = try configuration ?? TestServers.redis()
    return try await onLoop { loop in
        let test = TestBackend(configuration, on: loop)
        defer { test.backend.close() }
        try await test.ready()
        return try await body(test)
    }
}

extension Mark {
    /// One whose origin does not matter.
    init(stamp: UInt64?, writers: Writers) { self.init(origin: VersionToken(0), stamp: stamp, writers: writers) }
}

extension TagState {
    /// The same with a mark whose origin does not matter.
    var withoutOrigin: TagState {
        guard case .mark(let mark) = self else { return self }
        return .mark(Mark(stamp: mark.stamp, writers: mark.writers))
    }
}
