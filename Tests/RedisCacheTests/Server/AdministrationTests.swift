import CacheCoordinator
import EventLoop
import Model
import Testing

@testable import RedisCache

@Suite struct `Administration` {
    @Test func `counts tags and entries of this keyspace, and keys of others`() async throws {
        try await withBackend { test in
            let keyspace = try #require(test.backend.keyspace)
            _ = try await test.backend.createTokens(for: (0..<7).map { Tag("t\($0)") })
            for number in 0..<5 { test.backend.store([1], under: "e\(number)", lifetime: 10_000, in: keyspace) }
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
        var configuration = try SharedRedis.configuration()
        configuration.limits.keysPerScanStep = 10
        configuration.limits.keysPerStatistics = 20
        try await withBackend(configuration) { test in
            _ = try await test.backend.createTokens(for: (0..<100).map { Tag("t\($0)") })
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
            test.backend.store([1, 2, 3], under: "a", lifetime: 60_000, in: keyspace)
            let both = try await test.backend.inspect("a")
            #expect(both.tag?.state == .version(token))
            #expect(both.tag?.writers == [])
            #expect(both.entry?.bytes == 3)
            #expect((50_000...60_000).contains(both.entry?.expiresIn ?? 0))

            let one = try await test.backend.announce([Tag("a")], lifetime: 10_000)
            let other = try await test.backend.announce([Tag("a")], lifetime: 60_000)
            let mark = try #require(try await test.backend.inspect("a").tag)
            #expect(mark.state == .intent)
            #expect(mark.writers.map(\.name) == [one.writer, other.writer])
            #expect((9_000...10_000).contains(mark.writers[0].expiresIn))
            #expect((59_000...60_000).contains(mark.writers[1].expiresIn))
            #expect((59_000...60_000).contains(mark.expiresIn ?? 0))
        }
    }

    @Test func `clears tokens and entries of its keyspace and spares intents`() async throws {
        var configuration = try SharedRedis.configuration()
        configuration.limits.keysPerScanStep = 50
        try await withBackend(configuration) { test in
            let keyspace = try #require(test.backend.keyspace)
            let tags = (0..<100).map { Tag("t\($0)") }
            _ = try await test.backend.createTokens(for: tags)
            for number in 0..<100 { test.backend.store([1], under: "e\(number)", lifetime: 60_000, in: keyspace) }
            let announcement = try await test.backend.announce([Tag("t0"), Tag("x")], lifetime: 60_000)
            let foreign = RedisArgument.text("\(test.backend.configuration.prefix):another:t:a")
            try await test.command("SET", foreign, "x", "PX", "60000")
            try await test.backend.clear()
            let statistics = try await test.backend.statistics()
            #expect(statistics.entries == 0)
            #expect(statistics.tags == 2)
            #expect(
                try await test.backend.look(at: [Tag("t0"), Tag("t1"), Tag("x")], entry: nil).tags == [.intent, .absent, .intent])
            #expect(try await test.command("EXISTS", foreign) == .integer(1))
            #expect(try await test.backend.release(announcement) == [nil, nil], "nobody is alone when everything is forgotten")
        }
    }

    @Test func `takes no character of a prefix for a pattern`() async throws {
        var configuration = try SharedRedis.configuration()
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
