import CacheCoordinator
import EventLoop
import LarderTesting
import Model
import Testing

@testable import RedisCache

@Suite struct `Administration` {
    @Test func `counts tags and entries of this keyspace, and keys of others`() async throws {
        try await withBackend { test in
            let keyspace = try #require(test.backend.keyspace)
            _ = try await test.backend.place(on: (0..<7).map { Tag("t\($0)") })
            for number in 0..<5 { test.store([1], under: "e\(number)") }
            try await test.command("SET", .text("\(test.backend.configuration.prefix):another:t:a"), "x", "PX", "60000")
            let statistics = try await test.backend.statistics()
            #expect(statistics.keyspace == keyspace)
            #expect(statistics.serverVersion.hasPrefix("7.") || statistics.serverVersion.hasPrefix("8."))
            #expect(statistics.tags == 7)
            #expect(statistics.entries == 5)
            #expect(statistics.keysOfOtherKeyspaces == 1)
            #expect(statistics.usedMemoryBytes > 100_000)
            #expect(!statistics.evictionPolicy.isEmpty)
            #expect(statistics.isComplete)
        }
    }

    @Test func `counts no more keys than it may`() async throws {
        var configuration = try TestServers.redis()
        configuration.limits.keysPerScanStep = 10
        configuration.limits.keysPerStatistics = 20
        try await withBackend(configuration) { test in
            _ = try await test.backend.place(on: (0..<100).map { Tag("t\($0)") })
            let statistics = try await test.backend.statistics()
            #expect(!statistics.isComplete)
            #expect(statistics.tags < 100)
        }
    }

    @Test func `shows what is under a name`() async throws {
        try await withBackend { test in
            let keyspace = try #require(test.backend.keyspace)
            let nothing = try await test.backend.inspect("a")
            #expect(nothing.keyspace == keyspace)
            #expect(nothing.tag == nil)
            #expect(nothing.entry == nil)

            let token = try await test.token(Tag("a"))
            test.store([1, 2, 3], under: "a")
            let both = try await test.backend.inspect("a")
            #expect(both.tag?.state == token)
            #expect(both.entry?.bytes == 3)
            #expect((50_000...60_000).contains(both.entry?.expiresIn ?? 0))

            try await test.announce(7, on: Tag("a"))
            #expect(try await test.backend.inspect("a").tag?.state.withoutOrigin == .mark(1, 7))
        }
    }

    @Test func `clears tags and entries of its keyspace alone`() async throws {
        var configuration = try TestServers.redis()
        configuration.limits.keysPerScanStep = 50
        try await withBackend(configuration) { test in
            let tags = (0..<100).map { Tag("t\($0)") }
            _ = try await test.backend.place(on: tags)
            for number in 0..<100 { test.store([1], under: "e\(number)") }
            try await test.announce(7, on: Tag("x"), in: Keyspace("other"))
            try await test.backend.clear()
            let statistics = try await test.backend.statistics()
            #expect(statistics.entries == 0)
            #expect(statistics.tags == 0)
            #expect(statistics.keysOfOtherKeyspaces == 1)
        }
    }

    @Test func `takes no character of a prefix for a pattern`() async throws {
        var configuration = try TestServers.redis()
        configuration.prefix += "[a-z]*?\\"
        try await withBackend(configuration) { test in
            _ = try await test.token(Tag("a"))
            let matching = test.backend.configuration.prefix.replacing("[a-z]*?\\", with: "bxx")
            try await test.command("SET", .text("\(matching):b"), "x", "PX", "60000")
            let statistics = try await test.backend.statistics()
            #expect(statistics.tags == 1)
            #expect(statistics.keysOfOtherKeyspaces == 0)
        }
    }
}
