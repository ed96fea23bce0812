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
            test.store([1, 2, 3], under: "e")
            let look = try await test.backend.look(at: [Tag("b"), Tag("c"), Tag("a"), Tag("b")], entry: "e")
            #expect(look.tags == [b, .absent, a, b])
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
            var tokens: [TagState] = []
            for tag in tags { tokens.append(try await test.token(tag)) }
            test.store([7], under: "e")
            let before = test.backend.counters
            let looks = try await test.loop.all(Array(0..<200)) { number in
                try await test.backend.look(at: [tags[number % 10], tags[(number + 3) % 10]], entry: number % 2 == 0 ? "e" : nil)
            }
            for (number, look) in looks.enumerated() {
                #expect(look.tags == [tokens[number % 10], tokens[(number + 3) % 10]])
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
            #expect(look.tags == [token])
            #expect(look.entry == nil)
        }
    }

    @Test func `at more keys than one command may have takes several`() async throws {
        var configuration = try TestServers.redis()
        configuration.limits.tagsPerLook = 100
        configuration.limits.entriesPerLook = 10
        try await withBackend(configuration) { test in
            let tags = (0..<250).map { Tag("t\($0)") }
            let states = try await test.backend.place(on: tags).tags
            for number in 0..<25 { test.store([UInt8(number)], under: "e\(number)") }
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
        var configuration = try TestServers.redis()
        configuration.database = 3
        try await withBackend(configuration) { test in
            _ = try await test.token(Tag("a"))
            #expect(try await test.command("CLIENT", "INFO").string?.contains(" db=3 ") == true)
            #expect(try await test.command("EXISTS", test.key(Tag("a"))) == .integer(1))
        }
    }
}

@Suite struct `Placing` {
    @Test func `puts a placeholder where nothing is known, and returns what is there then`() async throws {
        try await withBackend { test in
            let token = try await test.token(Tag("a"))
            try await test.announce(7, on: Tag("b"))
            let look = try await test.backend.place(on: [Tag("c"), Tag("a"), Tag("b")])
            #expect(look.tags[0].isPlaceholder)
            #expect(look.tags.dropFirst().map(\.withoutOrigin) == [token, .mark(nil, 7)])
            #expect(look.keyspace == test.backend.keyspace)
            #expect(try await test.backend.place(on: [Tag("c")]).tags == [look.tags[0]])
        }
    }

    @Test func `is agreed on by many at once`() async throws {
        try await withBackend { test in
            let states = try await test.loop.all(Array(0..<50)) { _ in try await test.backend.place(on: [Tag("a")]).tags[0] }
            #expect(Set(states).count == 1)
        }
    }

    @Test func `gives states of tags a life of about the configured one`() async throws {
        var configuration = try TestServers.redis()
        configuration.tagLifetime = 100_000
        try await withBackend(configuration) { test in
            func life() async throws -> Int { try #require(try await test.backend.inspect("a").tag?.expiresIn) }
            _ = try await test.backend.place(on: [Tag("a")])
            #expect((90_000...110_000).contains(try await life()))
            _ = try await test.token(Tag("a"))
            #expect((90_000...110_000).contains(try await life()))
            try await test.announce(7, on: Tag("a"))
            #expect((90_000...110_000).contains(try await life()))
            try await test.backend.invalidate([Tag("a")])
            #expect((90_000...110_000).contains(try await life()))
        }
    }
}

@Suite struct `Filling` {
    @Test func `changes tags that are as they were looked at, and stores the entry then`() async throws {
        try await withBackend { test in
            let placed = try await test.backend.place(on: [Tag("a"), Tag("b")]).tags
            let tokens = [TagState.token(VersionToken(1), stamp: 5), .token(VersionToken(2), stamp: 6)]
            let changes = zip([Tag("a"), Tag("b")], zip(placed, tokens)).map { CacheFill.Change($0, from: $1.0, to: $1.1) }
            test.fill(changes, entry: ("e", [1, 2], 60_000))
            #expect(try await test.states(Tag("a"), Tag("b")) == tokens)
            #expect(try await test.entry("e") == [1, 2])
            test.fill(changes, entry: ("f", [1, 2], 60_000))
            #expect(try await test.entry("f") == nil)
        }
    }

    @Test func `stores no entry when one of the tags has changed meanwhile`() async throws {
        try await withBackend { test in
            let placed = try await test.backend.place(on: [Tag("a"), Tag("b")]).tags
            try await test.announce(7, on: Tag("b"))
            let token = TagState.token(VersionToken(1), stamp: 5)
            test.fill(
                [.init(Tag("a"), from: placed[0], to: token), .init(Tag("b"), from: placed[1], to: token)],
                entry: ("e", [1], 60_000))
            #expect(try await test.states(Tag("a"), Tag("b")) == [token, .mark(nil, 7)])
            #expect(try await test.entry("e") == nil)
        }
    }

    @Test func `changes nothing that was evicted meanwhile`() async throws {
        try await withBackend { test in
            let placed = try await test.backend.place(on: [Tag("a")]).tags[0]
            try await test.command("UNLINK", test.key(Tag("a")))
            test.fill([.init(Tag("a"), from: placed, to: .token(VersionToken(1), stamp: 5))], entry: ("e", [1], 60_000))
            #expect(try await test.state(Tag("a")) == .absent)
            #expect(try await test.entry("e") == nil)
        }
    }

    @Test func `stores entries for their lifetime`() async throws {
        try await withBackend { test in
            test.store([1], under: "short", lifetime: 20)
            test.store([], under: "empty")
            #expect(try await test.entry("empty") == [])
            let expiry = try #require(try await test.backend.inspect("empty").entry).expiresIn
            #expect((50_000...60_000).contains(expiry))
            #expect(try await test.loop.wait { try await test.entry("short") == nil })
        }
    }

    @Test func `stores nothing for another keyspace, nothing too large and nothing without a life`() async throws {
        var configuration = try TestServers.redis()
        configuration.limits.entryBytes = 10
        try await withBackend(configuration) { test in
            test.store([1], under: "a", in: Keyspace("another"))
            test.store(Array(repeating: 1, count: 11), under: "b")
            test.store([1], under: "c", lifetime: 0)
            test.store(Array(repeating: 1, count: 10), under: "d")
            var found: [String] = []
            for key in ["a", "b", "c", "d"] where try await test.entry(key) != nil { found.append(key) }
            #expect(found == ["d"])
            #expect(test.backend.counters.stores == 1)
            #expect(test.backend.counters.storesDropped == 3)
        }
    }

    @Test func `stores nothing while too much is unsent`() async throws {
        var configuration = try TestServers.redis()
        configuration.limits.unsentBytes = 1_000
        try await withBackend(configuration) { test in
            for number in 0..<10 { test.store(Array(repeating: 1, count: 200), under: "\(number)") }
            #expect(test.backend.counters.stores == 3)
            #expect(test.backend.counters.storesDropped == 7)
        }
    }
}

@Suite struct `The lease` {
    @Test func `is needed to read, and to fill`() async throws {
        try await withBackend { test in
            let token = try await test.token(Tag("a"))
            test.lease.give(nil)
            await #expect(throws: CacheUnavailable.closed) { try await test.state(Tag("a")) }
            await #expect(throws: CacheUnavailable.closed) { try await test.backend.place(on: [Tag("a")]) }
            await #expect(throws: CacheUnavailable.closed) { try await test.backend.invalidate([Tag("a")]) }
            await #expect(throws: CacheUnavailable.closed) { try await test.backend.clear() }
            test.store([1], under: "e")
            test.grant()
            #expect(try await test.state(Tag("a")) == token)
            #expect(try await test.entry("e") == nil)
        }
    }

    @Test func `is of one server's life`() async throws {
        try await withBackend { test in
            test.grant(life: "another")
            await #expect(throws: CacheUnavailable.closed) { try await test.state(Tag("a")) }
            #expect(test.backend.keyspace == nil)
        }
    }

    @Test func `is looked at when the looks of a turn leave, not only when they are asked`() async throws {
        try await withBackend { test in
            var outcome: CacheUnavailable?
            test.loop.spawn {
                do throws(CacheUnavailable) { _ = try await test.backend.look(at: [Tag("a")], entry: nil) } catch {
                    outcome = error
                }
            }
            test.lease.give(nil)
            #expect(await test.loop.wait { outcome != nil })
            #expect(outcome == .closed)
        }
    }

    @Test func `shows other versions of the service the same tags, and no entries`() async throws {
        try await withBackend { test in
            let token = try await test.token(Tag("a"))
            test.store([1], under: "e")
            var configuration = test.backend.configuration
            configuration.fingerprint = "another"
            let other = TestBackend(configuration, on: test.loop)
            defer { other.backend.close() }
            try await other.ready()
            #expect(try await other.state(Tag("a")) == token)
            #expect(try await other.entry("e") == nil)
            #expect(try await test.entry("e") == [1])
        }
    }

    @Test func `on another keyspace shows nothing of the one before`() async throws {
        try await withBackend { test in
            let token = try await test.token(Tag("a"))
            test.store([1], under: "e")
            test.grant(Keyspace("next"))
            #expect(try await test.state(Tag("a")) == .absent)
            #expect(try await test.entry("e") == nil)
            test.grant()
            #expect(try await test.state(Tag("a")) == token)
        }
    }
}
