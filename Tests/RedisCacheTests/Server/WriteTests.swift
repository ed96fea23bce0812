import CacheCoordinator
import EventLoop
import LarderTesting
import Model
import Testing

@testable import RedisCache

@Suite struct `Announcing` {
    @Test func `marks tags with the transaction, and keeps the stamp of the token that was there`() async throws {
        try await withBackend { test in
            _ = try await test.token(Tag("a"), stamp: 17)
            _ = try await test.backend.place(on: [Tag("b")])
            try await test.announce(20, on: Tag("a"), Tag("b"), Tag("c"))
            #expect(try await test.states(Tag("a"), Tag("b"), Tag("c")) == [.mark(17, 20), .mark(nil, 20), .mark(nil, 20)])
            try await test.announce(21, on: Tag("a"), Tag("b"))
            try await test.announce(20, on: Tag("a"))
            #expect(try await test.states(Tag("a"), Tag("b")) == [.mark(17, 20, 21), .mark(nil, 20, 21)])
        }
    }

    @Test func `leaves a mark that is like none before, whoever announces himself again`() async throws {
        try await withBackend { test in
            var marks: Set<TagState> = []
            for _ in 0..<3 {
                try await test.announce(20, on: Tag("a"))
                let mark = try await test.wholeState(Tag("a"))
                marks.insert(mark)
                try await test.announce(20, on: Tag("a"))
                #expect(try await test.wholeState(Tag("a")) == mark, "a repetition changes nothing")
                test.fill([.init(Tag("a"), from: mark, to: .token(.random(), stamp: 17))])
            }
            try await test.backend.invalidate([Tag("a")])
            try await test.announce(20, on: Tag("a"))
            marks.insert(try await test.wholeState(Tag("a")))
            #expect(marks.count == 4)
        }
    }

    @Test func `lists so many transactions, and then says "all up to"`() async throws {
        try await withBackend { test in
            _ = try await test.token(Tag("a"), stamp: 5)
            for id in (100..<132 as Range<UInt64>).reversed() { try await test.announce(id, on: Tag("a")) }
            guard case .mark(let mark) = try await test.state(Tag("a")), case .only(let ids) = mark.writers else {
                Issue.record("it lists nothing")
                return
            }
            #expect(ids.count == Mark.maximumListed)
            try await test.announce(115, on: Tag("a"))
            #expect(try await test.state(Tag("a")) == .mark(mark), "it is there already")
            try await test.announce(9, on: Tag("a"))
            #expect(try await test.state(Tag("a")) == .mark(Mark(stamp: 5, writers: .upTo(131))))
            try await test.announce(200, on: Tag("a"))
            try await test.announce(150, on: Tag("a"))
            #expect(try await test.state(Tag("a")) == .mark(Mark(stamp: 5, writers: .upTo(200))))
        }
    }

    @Test func `writes ids as they are, however large`() async throws {
        try await withBackend { test in
            let large: UInt64 = 1 << 52
            for id in large..<(large + 40) { try await test.announce(id, on: Tag("a")) }
            #expect(try await test.state(Tag("a")) == .mark(Mark(stamp: nil, writers: .upTo(large + 39))))
        }
    }

    @Test func `needs no lease, and does it in the keyspace that it is told`() async throws {
        try await withBackend { test in
            test.lease.give(nil)
            try await test.announce(20, on: Tag("a"), in: Keyspace("other"))
            test.grant()
            #expect(try await test.state(Tag("a")) == .absent)
            test.grant(Keyspace("other"))
            #expect(try await test.state(Tag("a")) == .mark(nil, 20))
        }
    }

    @Test func `is refused for a server of another life`() async throws {
        try await withBackend { test in
            await #expect(throws: CacheUnavailable.closed) {
                try await test.backend.announce(20, on: [Tag("a")], in: Keyspace("test"), life: "another")
            }
            let state = try await test.state(Tag("a"))
            #expect(state == .absent)
        }
    }

    @Test func `of thousands of tags is a few round trips`() async throws {
        var configuration = try TestServers.redis()
        configuration.limits.tagsPerScript = 10
        configuration.limits.tagsPerRoundTrip = 100
        try await withBackend(configuration) { test in
            let tags = (0..<250).map { Tag("t\($0)") }
            let before = test.backend.counters.commands
            try await test.backend.announce(7, on: tags, in: Keyspace("test"), life: test.backend.life!)
            #expect(test.backend.counters.commands - before == 25)
            let states = try await test.backend.look(at: tags, entry: nil).tags
            #expect(Set(states.map(\.withoutOrigin)) == [.mark(nil, 7)])
        }
    }

    @Test func `goes on when the server was told to forget all scripts`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                try await test.ready()
                try await test.command("SCRIPT", "FLUSH")
                try await test.announce(7, on: Tag("a"))
                #expect(try await test.state(Tag("a")) == .mark(nil, 7))
                // What nobody waits for is lost once.
                try await test.command("SCRIPT", "FLUSH")
                let marked = try await test.wholeState(Tag("a"))
                test.fill([.init(Tag("a"), from: marked, to: .token(VersionToken(1), stamp: 8))])
                #expect(try await test.state(Tag("a")) == .mark(nil, 7))
                test.fill([.init(Tag("a"), from: marked, to: .token(VersionToken(1), stamp: 8))])
                #expect(try await test.state(Tag("a")) == .token(VersionToken(1), stamp: 8))
                #expect(test.backend.counters.connects == 1)
            }
        }
    }

    @Test func `is possible when the server's memory is full`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                try await test.ready()
                let token = try await test.token(Tag("a"), stamp: 3)
                try await test.command("CONFIG", "SET", "maxmemory", "1")
                #expect(try await test.state(Tag("a")) == token, "what is there is read")
                try await test.announce(7, on: Tag("a"), Tag("b"))
                #expect(try await test.states(Tag("a"), Tag("b")) == [.mark(3, 7), .mark(nil, 7)])
                test.store([1], under: "e")
                #expect(try await test.entry("e") == nil)
                #expect(test.events.contains { if case .storeRefused = $0 { true } else { false } })
                #expect(test.backend.counters.connects == 1)
            }
        }
    }
}

@Suite struct `Writing through` {
    private func value(_ token: UInt64) -> WrittenValue {
        WrittenValue(tag: Tag("a"), token: VersionToken(token), key: "e", bytes: [1, 2], lifetime: 60_000)
    }

    @Test func `stores what a writer has committed who is alone, under a new token`() async throws {
        try await withBackend { test in
            _ = try await test.token(Tag("a"), stamp: 17)
            try await test.announce(20, on: Tag("a"))
            test.backend.writeThrough([value(9)], by: 20)
            #expect(try await test.state(Tag("a")) == .token(VersionToken(9), stamp: 21))
            #expect(try await test.entry("e") == [1, 2])
        }
    }

    @Test func `keeps a stamp that is greater`() async throws {
        try await withBackend { test in
            _ = try await test.token(Tag("a"), stamp: 50)
            try await test.announce(20, on: Tag("a"))
            test.backend.writeThrough([value(9)], by: 20)
            #expect(try await test.state(Tag("a")) == .token(VersionToken(9), stamp: 50))
        }
    }

    @Test func `stores nothing where another writer is announced, or nothing was known before`() async throws {
        try await withBackend { test in
            _ = try await test.token(Tag("a"), stamp: 17)
            try await test.announce(20, on: Tag("a"))
            try await test.announce(21, on: Tag("a"))
            test.backend.writeThrough([value(9)], by: 20)
            #expect(try await test.state(Tag("a")) == .mark(17, 20, 21))
            try await test.command("UNLINK", test.key(Tag("a")))
            test.backend.writeThrough([value(9)], by: 20)
            #expect(try await test.state(Tag("a")) == .absent)
            try await test.announce(20, on: Tag("a"))
            test.backend.writeThrough([value(9)], by: 20)
            #expect(try await test.state(Tag("a")) == .mark(nil, 20))
            let token = try await test.token(Tag("b"))
            test.backend.writeThrough(
                [WrittenValue(tag: Tag("b"), token: VersionToken(9), key: "e", bytes: [1], lifetime: 60_000)], by: 20)
            #expect(try await test.state(Tag("b")) == token)
            #expect(try await test.entry("e") == nil)
        }
    }
}

@Suite struct `Invalidating` {
    @Test func `makes nothing known of tags`() async throws {
        try await withBackend { test in
            _ = try await test.token(Tag("a"))
            try await test.announce(20, on: Tag("b"))
            let placed = try await test.backend.place(on: [Tag("c")]).tags[0]
            try await test.backend.invalidate([Tag("a"), Tag("b"), Tag("c"), Tag("d")])
            let states = try await test.states(Tag("a"), Tag("b"), Tag("c"), Tag("d"))
            let isPlaceholder = states.map { $0.isPlaceholder }
            #expect(isPlaceholder == [true, true, true, true])
            #expect(Set(states).count == 4)
            #expect(!states.contains(placed))
        }
    }
}
