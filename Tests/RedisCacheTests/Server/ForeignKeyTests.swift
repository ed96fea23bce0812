import CacheCoordinator
import EventLoop
import LarderTesting
import Model
import Testing

@testable import RedisCache

/// Others can write to the server too: what stands under our names is checked, and replaced where it is not ours.
@Suite struct `A tag's key that holds what Larder never writes` {
    /// Commands that put something under a key.
    static let commands: [[RedisArgument]] = [
        ["SET", "KEY", ""], ["SET", "KEY", "x"], ["SET", "KEY", "0123456789ABCDEF"], ["SET", "KEY", "0123456789abcdef0"],
        ["LPUSH", "KEY", "a"], ["HSET", "KEY", "a", "b"], ["SADD", "KEY", "a"], ["ZADD", "KEY", "1", "a"],
        ["XADD", "KEY", "*", "a", "b"],
        ["SETBIT", "KEY", "7000", "1"],
    ]

    private static func put(_ number: Int, under tag: Tag, _ test: TestBackend) async throws {
        let connection = try test.backend.connected().connection
        let key = try test.key(tag)
        _ = try await connection.run(["UNLINK", key])
        _ = try await connection.run(commands[number].map { if case .text("KEY") = $0 { key } else { $0 } })
    }

    @Test(arguments: commands.indices) func `is a tag without a token, and gets one from the next reader`(
        _ number: Int
    ) async throws {
        try await withBackend { test in
            try await Self.put(number, under: Tag("a"), test)
            #expect(try await test.state(Tag("a")) == .absent)
            let b = try await test.token(Tag("b"))
            let states = try await test.backend.createTokens(for: [Tag("b"), Tag("a"), Tag("c")]).tags
            #expect(states[0] == .version(b))
            guard case .version = states[1], case .version = states[2] else {
                Issue.record("no tokens: \(states)")
                return
            }
            #expect(try await test.state(Tag("a")) == states[1])
            #expect(test.backend.counters.tagsReplaced == 1)
            #expect(test.backend.counters.connects == 1, "the connection stands")
        }
    }

    @Test(arguments: commands.indices) func `is replaced by an announcement, and by an invalidation`(_ number: Int) async throws {
        try await withBackend { test in
            try await Self.put(number, under: Tag("a"), test)
            let announcement = try await test.backend.announce([Tag("b"), Tag("a"), Tag("c")], lifetime: 10_000)
            #expect(try await test.backend.look(at: announcement.tags, entry: nil).tags == [.intent, .intent, .intent])
            try await Self.put(number, under: Tag("a"), test)
            _ = try await test.backend.release(announcement)
            for state in try await test.backend.look(at: announcement.tags, entry: nil).tags {
                guard case .version = state else {
                    Issue.record("no token: \(state)")
                    continue
                }
            }
            try await Self.put(number, under: Tag("a"), test)
            try await test.backend.invalidate([Tag("a")])
            #expect(try await test.state(Tag("a")) != .absent)
            try await Self.put(number, under: Tag("a"), test)
            try await test.backend.clear()
            #expect(try await test.command("EXISTS", try test.key(Tag("a"))) == .integer(0))
        }
    }

    @Test func `that another writer's mark has replaced meanwhile stays that mark`() async throws {
        try await withBackend { test in
            _ = try await test.backend.announce([Tag("a")], lifetime: 10_000)
            try await test.backend.invalidate([Tag("a")])
            #expect(try await test.backend.createTokens(for: [Tag("a")]).tags == [.intent])
        }
    }
}

@Suite struct `An entry's key` {
    @Test func `of another type is no entry, and takes the next one`() async throws {
        try await withBackend { test in
            let (connection, keys) = try test.backend.open()
            _ = try await connection.run(["LPUSH", keys.entry("e"), "a"])
            #expect(try await test.backend.look(at: [], entry: "e").entry == nil)
            #expect(try await test.backend.inspect("e").entry?.bytes == 0)
            test.backend.store([1, 2], under: "e", lifetime: 10_000, in: keys.keyspace)
            #expect(try await test.backend.look(at: [], entry: "e").entry == [1, 2])
        }
    }
}

@Suite struct `The fence's key` {
    @Test func `of another type is removed by the next connection`() async throws {
        try await withBackend { test in
            _ = try await test.command("LPUSH", .text(test.backend.configuration.prefix + ":fence"), "a")
            _ = try? await test.backend.look(at: [Tag("a")], entry: nil)
            try await test.ready()
            #expect(await test.loop.wait { (try? await test.state(Tag("a"))) == .absent })
            #expect(test.backend.counters.connects == 2)
        }
    }
}

@Suite struct `A server that answers a look with something else than values` {
    @Test(arguments: [
        "+OK\r\n", ":1\r\n", "*0\r\n", "*-1\r\n", "*1\r\n$-1\r\n", "*3\r\n$-1\r\n$-1\r\n$-1\r\n", "*2\r\n*1\r\n:1\r\n:2\r\n",
    ])
    func `has refused it`(reply: String) async throws {
        try await onLoop { loop in
            let server = try await FakeServer(on: loop) { _ in "$0\r\n\r\n" + reply }
            defer { server.close() }
            let stream = try await Stream.connect(to: server.endpoint, on: loop, timeout: 1_000)
            let connection = RedisConnection(stream, timeout: 1_000, limits: RedisLimits(), meter: RedisMeter())
            defer { connection.breakDown(.closed) }
            let batch = LookBatch(limits: RedisLimits(), meter: RedisMeter())
            let result = await withUnsafeContinuation { continuation in
                batch.add([Tag("a")], "e", RedisKeys("p", Keyspace("k")), continuation)
                connection.send(["PING"], to: FenceHandler())
                batch.send(on: connection)
            }
            #expect(throws: CacheUnavailable.self) { try result.get() }
        }
    }
}
