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
        let connection = try test.backend.open().connection
        let key = test.key(tag)
        _ = try await connection.run(["UNLINK", key])
        _ = try await connection.run(commands[number].map { if case .text("KEY") = $0 { key } else { $0 } })
    }

    @Test(arguments: commands.indices) func `says nothing of the tag, and is replaced by the next reader`(
        _ number: Int
    ) async throws {
        try await withBackend { test in
            try await Self.put(number, under: Tag("a"), test)
            #expect(try await test.state(Tag("a")) == .absent)
            let b = try await test.token(Tag("b"))
            let states = try await test.backend.place(on: [Tag("b"), Tag("a"), Tag("c")]).tags
            #expect(states[0] == b)
            #expect(states[1].isPlaceholder)
            #expect(states[2].isPlaceholder)
            #expect(try await test.state(Tag("a")) == states[1])
            #expect(test.backend.counters.connects == 1, "the connection stands")
        }
    }

    @Test(arguments: commands.indices) func `is replaced by an announcement, and by an invalidation`(_ number: Int) async throws {
        try await withBackend { test in
            try await Self.put(number, under: Tag("a"), test)
            try await test.announce(7, on: Tag("b"), Tag("a"), Tag("c"))
            #expect(try await test.states(Tag("b"), Tag("a"), Tag("c")) == [.mark(nil, 7), .mark(nil, 7), .mark(nil, 7)])
            try await Self.put(number, under: Tag("a"), test)
            test.fill([.init(Tag("a"), from: .mark(nil, 7), to: .token(VersionToken(1), stamp: 8))], entry: ("e", [1], 60_000))
            test.backend.writeThrough(
                [WrittenValue(tag: Tag("a"), token: VersionToken(1), key: "e", bytes: [1], lifetime: 60_000)], by: 7)
            #expect(try await test.state(Tag("a")) == .absent)
            #expect(try await test.entry("e") == nil)
            try await test.backend.invalidate([Tag("a")])
            #expect(try await test.state(Tag("a")).isPlaceholder)
            try await Self.put(number, under: Tag("a"), test)
            try await test.backend.clear()
            #expect(try await test.command("EXISTS", test.key(Tag("a"))) == .integer(0))
        }
    }
}

@Suite struct `An entry's key` {
    @Test func `of another type is no entry, and takes the next one`() async throws {
        try await withBackend { test in
            let (connection, _, keys) = try test.backend.open()
            _ = try await connection.run(["LPUSH", keys.entry("e"), "a"])
            #expect(try await test.entry("e") == nil)
            #expect(try await test.backend.inspect("e").entry?.bytes == 0)
            test.store([1, 2], under: "e")
            #expect(try await test.entry("e") == [1, 2])
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
                batch.begin(RedisKeys("p", Keyspace("k"), fingerprint: "f")) { _ in }
                batch.add([Tag("a")], "e", continuation)
                connection.send(["PING"], to: StoreHandler { _ in })
                batch.send(on: connection)
            }
            #expect(throws: CacheUnavailable.self) { try result.get() }
        }
    }
}
