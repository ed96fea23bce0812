import CacheCoordinator
import EventLoop
import LarderTesting
import Model
import Testing

@testable import RedisCache

@Suite struct `A server that ends idle connections` {
    private static func isDisconnect(_ event: RedisEvent) -> Bool {
        if case .disconnected = event { true } else { false }
    }

    @Test func `is asked something in time, so that it ends none`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(["--timeout", "1"], on: loop) { server in
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                try await test.ready()
                let commands = test.backend.counters.commands
                #expect(await loop.wait { test.backend.counters.commands >= commands + 5 })
                #expect(test.backend.counters.connects == 1)
                #expect(test.backend.counters.failures == 0)
            }
        }
    }

    /// As one that does not tell of its timeout, or a proxy before it.
    @Test func `is no news, and is connected to again at once`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                try await test.ready()
                let token = try await test.token(Tag("a"))
                for time in 1...2 {
                    await loop.sleep(milliseconds: LinkMachine.soundAfter + 50)
                    try await test.endConnections(of: server)
                    #expect(await loop.wait { test.backend.counters.connects == time + 1 })
                    try await test.ready()
                    #expect(try await test.state(Tag("a")) == token)
                }
                #expect(!test.events.contains(where: Self.isDisconnect))
                #expect(test.events.count { $0 == .endedIdle } == 2)
            }
        }
    }

    @Test func `is news when it cannot be connected to again`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                try await test.ready()
                await loop.sleep(milliseconds: LinkMachine.soundAfter + 50)
                server.kill()
                #expect(await loop.wait { test.events.contains(where: Self.isDisconnect) })
                guard case .disconnected(.unreachable, _, isFirst: true) = test.events.last(where: Self.isDisconnect) else {
                    Issue.record("\(test.events)")
                    return
                }
                try await server.start()
                try await test.ready()
            }
        }
    }
}

extension TestBackend {
    /// Lets a server end all connections but that of this command.
    fileprivate func endConnections(of server: PrivateRedis) async throws {
        let stream = try await Stream.connect(to: .unix(path: server.socket), on: loop, timeout: 1_000)
        let connection = RedisConnection(stream, timeout: 1_000, limits: RedisLimits(), meter: RedisMeter())
        defer { connection.breakDown(.closed) }
        _ = try await connection.run(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"])
    }
}
