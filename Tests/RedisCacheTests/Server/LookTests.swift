import CacheCoordinator
import EventLoop
import LarderTesting
import Model
import Testing

@testable import RedisCache

@Suite struct `Looking` {
    @Test func `finds nothing where nothing was stored`() async throws {
        try await withBackend { test in
            let look = try await test.backend.look(at: [Tag("a"), Tag("b")], entry: "e")
            #expect(look.tags == [.absent, .absent])
            #expect(look.entry == nil)
            #expect(look.keyspace == test.backend.keyspace)
        }
    }

    @Test func `finds tokens in the order of the tags, and the entry`() async throws {
        try await withBackend { test in
            let a = try await test.token(Tag("a"))
            let b = try await test.token(Tag("b"))
            test.backend.store([1, 2, 3], under: "e", lifetime: 10_000, in: try #require(test.backend.keyspace))
            let look = try await test.backend.look(at: [Tag("b"), Tag("c"), Tag("a"), Tag("b")], entry: "e")
            #expect(look.tags == [.version(b), .absent, .version(a), .version(b)])
            #expect(look.entry == [1, 2, 3])
        }
    }

    @Test func `needs no server for nothing`() async throws {
        try await withBackend { test in
            let look = try await test.backend.look(at: [], entry: nil)
            #expect(look.tags.isEmpty)
            #expect(test.backend.counters.lookCommands == 0)
        }
    }

    @Test func `of all callers in one turn is one command for the distinct keys`() async throws {
        try await withBackend { test in
            let tags = (0..<10).map { Tag("t\($0)") }
            var tokens: [VersionToken] = []
            for tag in tags { tokens.append(try await test.token(tag)) }
            test.backend.store([7], under: "e", lifetime: 10_000, in: try #require(test.backend.keyspace))
            let before = test.backend.counters
            let looks = try await test.loop.all(Array(0..<200)) { number in
                try await test.backend.look(at: [tags[number % 10], tags[(number + 3) % 10]], entry: number % 2 == 0 ? "e" : nil)
            }
            for (number, look) in looks.enumerated() {
                #expect(look.tags == [.version(tokens[number % 10]), .version(tokens[(number + 3) % 10])])
                #expect(look.entry == (number % 2 == 0 ? [7] : nil))
            }
            let after = test.backend.counters
            #expect(after.lookCommands - before.lookCommands == 1)
            #expect(after.lookRoundTrips - before.lookRoundTrips == 1)
            #expect(after.looks - before.looks == 200)
            #expect(after.keysAsked - before.keysAsked == 500)
            #expect(after.keysFetched - before.keysFetched == 11)
            #expect(after.lookRoundTripNanoseconds > before.lookRoundTripNanoseconds)
        }
    }

    @Test func `does not take a tag for an entry of the same name`() async throws {
        try await withBackend { test in
            let token = try await test.token(Tag("x"))
            let look = try await test.backend.look(at: [Tag("x")], entry: "x")
            #expect(look.tags == [.version(token)])
            #expect(look.entry == nil)
        }
    }

    @Test func `at more keys than one command may have takes several`() async throws {
        var configuration = try SharedRedis.configuration()
        configuration.limits.tagsPerLook = 100
        configuration.limits.entriesPerLook = 10
        try await withBackend(configuration) { test in
            let keyspace = try #require(test.backend.keyspace)
            let tags = (0..<250).map { Tag("t\($0)") }
            let states = try await test.backend.createTokens(for: tags).tags
            for number in 0..<25 { test.backend.store([UInt8(number)], under: "e\(number)", lifetime: 10_000, in: keyspace) }
            let before = test.backend.counters.lookCommands
            let looks = try await test.loop.all(Array(0..<25)) { number in
                try await test.backend.look(at: number == 0 ? tags : [tags[number * 10]], entry: "e\(number)")
            }
            #expect(looks[0].tags == states)
            for number in 1..<25 { #expect(looks[number].tags == [states[number * 10]]) }
            #expect(looks.map(\.entry) == (0..<25).map { [UInt8($0)] })
            #expect(test.backend.counters.lookCommands - before == 5, "100, 100, 50 with 10 entries, 10 and 5 entries")
        }
    }

    @Test func `works in the database that the configuration names`() async throws {
        var configuration = try SharedRedis.configuration()
        configuration.database = 3
        try await withBackend(configuration) { test in
            _ = try await test.token(Tag("a"))
            #expect(try await test.command("CLIENT", "INFO").string?.contains(" db=3 ") == true)
            #expect(try await test.command("EXISTS", try test.key(Tag("a"))) == .integer(1))
        }
    }
}

@Suite struct `Filling` {
    @Test func `creates a token for a tag that has none, and keeps one that is there`() async throws {
        try await withBackend { test in
            let first = try await test.token(Tag("a"))
            #expect(try await test.token(Tag("a")) == first)
            #expect(try await test.state(Tag("a")) == .version(first))
            let look = try await test.backend.createTokens(for: [Tag("b"), Tag("a")])
            #expect(look.tags[1] == .version(first))
            #expect(look.tags[0] != .version(first))
            #expect(look.keyspace == test.backend.keyspace)
        }
    }

    @Test func `creates no token under an intent`() async throws {
        try await withBackend { test in
            _ = try await test.backend.announce([Tag("a")], lifetime: 10_000)
            #expect(try await test.backend.createTokens(for: [Tag("a"), Tag("b")]).tags[0] == .intent)
            #expect(try await test.state(Tag("a")) == .intent)
        }
    }

    @Test func `agrees on one token when many create it at once`() async throws {
        try await withBackend { test in
            let states = try await test.loop.all(Array(0..<50)) { _ in
                try await test.backend.createTokens(for: [Tag("a")]).tags[0]
            }
            #expect(Set(states).count == 1)
        }
    }

    @Test func `gives tokens a life of about the configured one`() async throws {
        var configuration = try SharedRedis.configuration()
        configuration.tokenLifetime = 100_000
        try await withBackend(configuration) { test in
            _ = try await test.token(Tag("a"))
            let created = try #require(try await test.backend.inspect("a").tag?.expiresIn)
            #expect((90_000...110_000).contains(created))
            try await test.backend.invalidate([Tag("a")])
            let renewed = try #require(try await test.backend.inspect("a").tag?.expiresIn)
            #expect((90_000...110_000).contains(renewed))
        }
    }

    @Test func `makes a new token after the old one was evicted`() async throws {
        try await withBackend { test in
            let first = try await test.token(Tag("a"))
            try await test.command("DEL", try test.key(Tag("a")))
            #expect(try await test.state(Tag("a")) == .absent)
            #expect(try await test.token(Tag("a")) != first)
        }
    }

    @Test func `stores entries for their lifetime`() async throws {
        try await withBackend { test in
            let keyspace = try #require(test.backend.keyspace)
            test.backend.store([1], under: "short", lifetime: 20, in: keyspace)
            test.backend.store([], under: "empty", lifetime: 60_000, in: keyspace)
            #expect(try await test.backend.look(at: [], entry: "empty").entry == [])
            let expiry = try #require(try await test.backend.inspect("empty").entry).expiresIn
            #expect((50_000...60_000).contains(expiry))
            let isGone = try await test.loop.wait { try await test.backend.look(at: [], entry: "short").entry == nil }
            #expect(isGone)
        }
    }

    @Test func `stores nothing for another keyspace, nothing too large and nothing without a life`() async throws {
        var configuration = try SharedRedis.configuration()
        configuration.limits.entryBytes = 10
        try await withBackend(configuration) { test in
            let keyspace = try #require(test.backend.keyspace)
            test.backend.store([1], under: "a", lifetime: 10_000, in: Keyspace("another"))
            test.backend.store(Array(repeating: 1, count: 11), under: "b", lifetime: 10_000, in: keyspace)
            test.backend.store([1], under: "c", lifetime: 0, in: keyspace)
            test.backend.store(Array(repeating: 1, count: 10), under: "d", lifetime: 10_000, in: keyspace)
            var found: [String] = []
            for key in ["a", "b", "c", "d"] where try await test.backend.look(at: [], entry: key).entry != nil {
                found.append(key)
            }
            #expect(found == ["d"])
            #expect(test.backend.counters.stores == 1)
            #expect(test.backend.counters.storesDropped == 3)
        }
    }

    @Test func `stores nothing while too much is unsent`() async throws {
        var configuration = try SharedRedis.configuration()
        configuration.limits.unsentBytes = 1_000
        try await withBackend(configuration) { test in
            let keyspace = try #require(test.backend.keyspace)
            for number in 0..<10 {
                test.backend.store(Array(repeating: 1, count: 200), under: "\(number)", lifetime: 10_000, in: keyspace)
            }
            #expect(test.backend.counters.stores == 3)
            #expect(test.backend.counters.storesDropped == 7)
        }
    }
}

@Suite struct `A server whose memory is full` {
    @Test func `is not read, because writers cannot announce themselves to it`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                try await test.ready()
                let token = try await test.token(Tag("a"))
                #expect(try await test.state(Tag("a")) == .version(token))
                try await test.command("CONFIG", "SET", "maxmemory", "1")
                await #expect {
                    _ = try await test.backend.look(at: [Tag("a")], entry: nil)
                } throws: { error in
                    guard case .refused(let message) = error as? CacheUnavailable else { return false }
                    return message.hasPrefix("OOM")
                }
                #expect(test.backend.keyspace == nil)
            }
        }
    }

    @Test func `is asked in a way that leaves nothing behind`() async throws {
        try await withBackend { test in
            _ = try await test.token(Tag("a"))
            #expect(try await test.state(Tag("a")) != .absent)
            let key = RedisArgument.text(test.backend.configuration.prefix + ":fence")
            #expect(try await test.command("EXISTS", key) == .integer(0))
        }
    }
}
