import CacheCoordinator
import EventLoop
import LarderTesting
import Model

@testable import RedisCache

/// Swift Testing has tags too.
typealias Tag = Model.Tag

/// A backend with what a test wants to know and to decide.
final class TestBackend {
    let loop: Loop
    let backend: RedisBackend
    private let log = Log<RedisEvent>()
    private let registered = Log<Keyspace>()

    /// - Parameter registrar: what the registrar answers; throws if it cannot.
    init(
        _ configuration: RedisConfiguration, on loop: Loop, unannounced: UnannouncedWrites = UnannouncedWrites(),
        registrar: @escaping (Keyspace) async throws -> Int = { _ in 0 }
    ) {
        self.loop = loop
        backend = RedisBackend(
            configuration, on: loop, unannounced: unannounced, observe: { [log] in log.items.append($0) }
        ) { [registered] keyspace in
            registered.items.append(keyspace)
            return try await registrar(keyspace)
        }
        backend.start()
    }

    var events: [RedisEvent] { log.items }
    var registrations: [Keyspace] { registered.items }

    func ready() async throws {
        guard await loop.wait(atMost: 10_000, until: { backend.openKeys != nil }) else { throw NotReady(events: events) }
    }

    struct NotReady: Error { var events: [RedisEvent] }

    /// The state of one tag.
    func state(_ tag: Tag) async throws -> TagState { try await backend.look(at: [tag], entry: nil).tags[0] }

    /// Gives a tag a token.
    func token(_ tag: Tag) async throws -> VersionToken {
        guard case .version(let token) = try await backend.createTokens(for: [tag]).tags[0] else { throw HasIntent() }
        return token
    }

    struct HasIntent: Error {}

    /// A command behind the backend's back, on the same connection.
    @discardableResult
    func command(_ arguments: RedisArgument...) async throws -> RedisValue {
        guard let connection = backend.link.connection else { throw CacheUnavailable.unreachable }
        return try await connection.run(arguments)
    }

    /// The full name of a tag's key.
    func key(_ tag: Tag) throws -> RedisArgument { try backend.connected().keys.tag(tag) }
}

/// Runs `body` with a connected backend on a loop of its own.
func withBackend<Result: Sendable>(
    _ configuration: RedisConfiguration? = nil, _ body: @escaping @Sendable (TestBackend) async throws -> Result
) async throws -> Result {
    let configuration = try configuration ?? SharedRedis.configuration()
    return try await onLoop { loop in
        let test = TestBackend(configuration, on: loop)
        defer { test.backend.close() }
        try await test.ready()
        return try await body(test)
    }
}
