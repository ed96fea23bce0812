import CacheCoordinator
import EventLoop
import LarderTesting
import Model
import Testing

@testable import RedisCache

@Suite struct `Writing` {
    @Test func `marks the tags from announcement to release and gives them new tokens`() async throws {
        try await withBackend { test in
            let tags = [Tag("a"), Tag("b")]
            let before = try await test.token(Tag("a"))
            let announcement = try await test.backend.announce(tags, lifetime: 10_000)
            #expect(announcement.tags == tags)
            #expect(announcement.keyspace == test.backend.keyspace)
            #expect(try await test.backend.look(at: tags, entry: nil).tags == [.intent, .intent])
            let tokens = try await test.backend.release(announcement)
            #expect(tokens.count == 2)
            let after = try await test.backend.look(at: tags, entry: nil).tags
            #expect(after == tokens.map { .version($0!) }, "it was alone, so that it knows its tokens")
            #expect(tokens[0] != before)
        }
    }

    @Test func `is alone again after others are gone`() async throws {
        try await withBackend { test in
            for _ in 0..<3 {
                let announcement = try await test.backend.announce([Tag("a")], lifetime: 10_000)
                #expect(try await test.backend.release(announcement)[0] != nil)
            }
        }
    }

    @Test func `knows for each tag whether it was alone there`() async throws {
        try await withBackend { test in
            let one = try await test.backend.announce([Tag("a"), Tag("b"), Tag("c")], lifetime: 10_000)
            let other = try await test.backend.announce([Tag("b")], lifetime: 10_000)
            let tokens = try await test.backend.release(one)
            #expect(tokens.map { $0 != nil } == [true, false, true])
            #expect(try await test.state(Tag("b")) == .intent)
            #expect(try await test.backend.release(other) == [nil])
            guard case .version = try await test.state(Tag("b")) else {
                Issue.record("the last release left no token")
                return
            }
        }
    }

    @Test func `that ends after its lifetime is not alone, and spares the mark of the next writer`() async throws {
        try await withBackend { test in
            let late = try await test.backend.announce([Tag("a"), Tag("b")], lifetime: 20)
            #expect(try await test.loop.wait { try await test.state(Tag("a")) == .absent })
            let next = try await test.backend.announce([Tag("a")], lifetime: 10_000)
            let token = try await test.token(Tag("b"))
            #expect(try await test.backend.release(late) == [nil, nil])
            #expect(try await test.state(Tag("a")) == .intent)
            #expect(try await test.state(Tag("b")) != .version(token), "what was filled meanwhile is invalid")
            #expect(try await test.backend.release(next) == [nil], "another writer was released while it wrote")
        }
    }

    @Test func `that died leaves its tags uncached until its lifetime is over`() async throws {
        try await withBackend { test in
            _ = try await test.backend.announce([Tag("a")], lifetime: 1_000)
            #expect(try await test.backend.createTokens(for: [Tag("a")]).tags == [.intent])
            #expect(try await test.loop.wait { try await test.state(Tag("a")) == .absent })
            let next = try await test.backend.announce([Tag("a")], lifetime: 10_000)
            #expect(
                try await test.backend.release(next)[0] != nil, "the dead writer's transaction was over before this one began")
        }
    }

    @Test func `beside one that died is not alone, but ends the mark`() async throws {
        try await withBackend { test in
            let dead = try await test.backend.announce([Tag("a")], lifetime: 10_000)
            let alive = try await test.backend.announce([Tag("a")], lifetime: 10_000)
            try await expire(dead, in: Tag("a"), test)
            #expect(try await test.backend.inspect("a").tag?.writers.map(\.name) == [alive.writer])
            #expect(try await test.state(Tag("a")) == .intent)
            #expect(try await test.backend.release(alive) == [nil], "the dead one may have committed before it died")
            guard case .version = try await test.state(Tag("a")) else {
                Issue.record("the release left no token")
                return
            }
        }
    }

    @Test func `of one that died leaves the mark with the next writer`() async throws {
        try await withBackend { test in
            let dead = try await test.backend.announce([Tag("a")], lifetime: 10_000)
            let alive = try await test.backend.announce([Tag("a")], lifetime: 10_000)
            try await expire(dead, in: Tag("a"), test)
            let next = try await test.backend.announce([Tag("a")], lifetime: 10_000)
            let mark = try #require(try await test.command("GET", try test.key(Tag("a"))).string)
            #expect(mark.hasPrefix("!~"), "neither of the two is alone")
            #expect(mark.split(separator: ",").count == 2)
            #expect(try await test.backend.release(next) == [nil])
            #expect(try await test.backend.release(alive) == [nil])
        }
    }

    @Test func `keeps its mark as long as the longest of the writers in it lives`() async throws {
        try await withBackend { test in
            let long = try await test.backend.announce([Tag("a")], lifetime: 60_000)
            _ = try await test.backend.announce([Tag("a")], lifetime: 20_000)
            let both = try #require(try await test.backend.inspect("a").tag)
            #expect((50_000...60_000).contains(both.expiresIn ?? 0))
            #expect(both.writers.count == 2)
            _ = try await test.backend.release(long)
            let rest = try #require(try await test.backend.inspect("a").tag)
            #expect((10_000...20_000).contains(rest.expiresIn ?? 0))
            #expect(rest.writers.count == 1)
        }
    }

    @Test func `is not alone when its tag was invalidated meanwhile`() async throws {
        try await withBackend { test in
            let announcement = try await test.backend.announce([Tag("a")], lifetime: 10_000)
            try await test.backend.invalidate([Tag("a")])
            #expect(try await test.state(Tag("a")) == .intent)
            #expect(try await test.backend.release(announcement) == [nil])
        }
    }

    @Test func `is not alone when its mark was evicted`() async throws {
        try await withBackend { test in
            let announcement = try await test.backend.announce([Tag("a"), Tag("b")], lifetime: 10_000)
            try await test.command("DEL", try test.key(Tag("a")), try test.key(Tag("b")))
            let token = try await test.token(Tag("b"))
            #expect(try await test.backend.release(announcement) == [nil, nil])
            #expect(try await test.state(Tag("b")) != .version(token))
        }
    }

    @Test func `to no tags at all needs no server`() async throws {
        try await withBackend { test in
            let before = test.backend.counters.commands
            let announcement = try await test.backend.announce([], lifetime: 1_000)
            #expect(try await test.backend.release(announcement) == [])
            try await test.backend.invalidate([])
            #expect(test.backend.counters.commands == before)
        }
    }

    @Test(arguments: [2_000, 5_001])
    func `to very many tags goes in bounded calls`(count: Int) async throws {
        try await withBackend { test in
            let tags = (0..<count).map { Tag("t\($0)") }
            let before = test.backend.counters
            let announcement = try await test.backend.announce(tags, lifetime: 60_000)
            let calls = test.backend.counters.commands - before.commands
            #expect(
                calls == (count + test.backend.configuration.limits.tagsPerScript - 1)
                    / test.backend.configuration.limits.tagsPerScript)
            #expect(try await test.backend.look(at: tags, entry: nil).tags == Array(repeating: .intent, count: count))
            let tokens = try await test.backend.release(announcement)
            let states = try await test.backend.look(at: tags, entry: nil).tags
            #expect(states == tokens.map { .version($0!) })
            #expect(Set(tokens).count == count)
        }
    }

    @Test func `goes on after the server forgot the scripts`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                try await test.ready()
                try await test.command("SCRIPT", "FLUSH")
                let tags = (0..<120).map { Tag("t\($0)") }
                let announcement = try await test.backend.announce(tags, lifetime: 10_000)
                #expect(try await test.state(Tag("t119")) == .intent)
                try await test.command("SCRIPT", "FLUSH")
                #expect(try await test.backend.release(announcement).allSatisfy { $0 != nil })
                let errors = test.backend.counters.errors
                _ = try await test.backend.release(try await test.backend.announce(tags, lifetime: 10_000))
                #expect(test.backend.counters.errors == errors + 3, "the server knows `renew` again, and learns `announce`")
            }
        }
    }

    @Test func `fails with the server's words when it refuses`() async throws {
        try await withBackend { test in
            await #expect {
                _ = try await test.backend.announce([Tag("a")], lifetime: .max)
            } throws: { error in
                guard case .refused(let message) = error as? CacheUnavailable else { return false }
                return message.hasPrefix("ERR")
            }
            #expect(test.backend.keyspace != nil)
        }
    }

    /// As if so much time had passed that the writer's lifetime is over, and that of others in the mark is not.
    private func expire(_ announcement: Announcement, in tag: Tag, _ test: TestBackend) async throws {
        let mark = try #require(try await test.command("GET", try test.key(tag)).string)
        let changed = mark.replacing(/([0-9a-f]{16}):[0-9]+/, maxReplacements: 1) { "\($0.1):1" }
        let first = try #require(mark.firstMatch(of: /[0-9a-f]{16}/)).output
        #expect(UInt64(first, radix: 16) == announcement.writer.value, "it is the first in the mark")
        try await test.command("SET", try test.key(tag), .text(changed), "KEEPTTL")
    }
}

@Suite struct `Invalidation` {
    @Test func `gives tags new tokens, whether they had one or not`() async throws {
        try await withBackend { test in
            let before = try await test.token(Tag("a"))
            try await test.backend.invalidate([Tag("a"), Tag("b")])
            let after = try await test.backend.look(at: [Tag("a"), Tag("b")], entry: nil).tags
            for state in after {
                guard case .version(let token) = state else {
                    Issue.record("\(state) is no token")
                    continue
                }
                #expect(token != before)
            }
            #expect(after[0] != after[1])
        }
    }

    @Test func `leaves intents`() async throws {
        try await withBackend { test in
            let one = try await test.backend.announce([Tag("a")], lifetime: 10_000)
            let other = try await test.backend.announce([Tag("a")], lifetime: 10_000)
            try await test.backend.invalidate([Tag("a")])
            _ = try await test.backend.release(one)
            #expect(try await test.state(Tag("a")) == .intent)
            _ = try await test.backend.release(other)
            #expect(try await test.state(Tag("a")) != .intent)
        }
    }
}
