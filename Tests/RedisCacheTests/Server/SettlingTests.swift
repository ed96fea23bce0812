import CacheCoordinator
import Domain
import EventLoop
import Testing

@testable import RedisCache

@Suite struct `Tags of writes that could not be announced` {
    private func disconnect(_ test: TestBackend) {
        test.backend.link.connection?.breakDown(.disconnected("by the test"))
    }

    @Test func `are invalidated after the next connect, before anything is read`() async throws {
        try await withBackend { test in
            let tokens = try await test.backend.createTokens(for: [Tag("a"), Tag("b"), Tag("c")]).tags
            self.disconnect(test)
            test.backend.settleLater([Tag("a"), Tag("b")], lifetime: 0)
            try await test.ready()
            let look = try await test.backend.look(at: [Tag("a"), Tag("b"), Tag("c")], entry: nil).tags
            #expect(look[0] != tokens[0])
            #expect(look[1] != tokens[1])
            #expect(look[2] == tokens[2])
            #expect(test.events.contains(.settled(tags: 2)))
        }
    }

    @Test func `are invalidated at once while connected, and nothing is read until then`() async throws {
        try await withBackend { test in
            let token = try await test.token(Tag("a"))
            test.backend.settleLater([Tag("a")], lifetime: 0)
            #expect(test.backend.keyspace == nil)
            await #expect(throws: CacheUnavailable.unreachable) { _ = try await test.backend.look(at: [Tag("a")], entry: nil) }
            try await test.ready()
            #expect(try await test.state(Tag("a")) != .version(token))
        }
    }

    @Test func `bear an intent for as long as they may yet be committed`() async throws {
        try await withBackend { test in
            _ = try await test.token(Tag("a"))
            self.disconnect(test)
            test.backend.settleLater([Tag("a")], lifetime: 2_000)
            try await test.ready()
            #expect(try await test.state(Tag("a")) == .intent)
            try await test.backend.invalidate([Tag("a")])
            #expect(try await test.state(Tag("a")) == .intent, "nobody takes it away")
            let remaining = try await test.command("PTTL", test.key(Tag("a")))
            guard case .integer(let milliseconds) = remaining else {
                Issue.record("\(remaining)")
                return
            }
            #expect(1...2_000 ~= milliseconds, "but time")
        }
    }

    @Test func `are invalidated again when they come again meanwhile`() async throws {
        try await withBackend { test in
            test.backend.settleLater([Tag("a")], lifetime: 0)
            test.backend.settleLater([Tag("a")], lifetime: 0)
            try await test.ready()
            #expect(test.events.filter { $0 == .settled(tags: 1) }.count == 2)
        }
    }

    @Test func `wait for a connection that lasts`() async throws {
        try await withBackend { test in
            let token = try await test.token(Tag("a"))
            test.backend.settleLater([Tag("a")], lifetime: 0)
            self.disconnect(test)
            #expect(await test.loop.wait { test.backend.counters.connects == 2 })
            try await test.ready()
            #expect(try await test.state(Tag("a")) != .version(token))
            #expect(test.events.contains(.settled(tags: 1)))
        }
    }

    @Test func `keep a writer that is announced from being alone`() async throws {
        try await withBackend { test in
            let announcement = try await test.backend.announce([Tag("a")], lifetime: 10_000)
            test.backend.settleLater([Tag("a")], lifetime: 0)
            try await test.ready()
            #expect(try await test.state(Tag("a")) == .intent)
            #expect(try await test.backend.release(announcement) == [nil])
        }
    }

    @Test func `that are too many are forgotten only when none can be committed any more`() async throws {
        var configuration = try SharedRedis.configuration()
        configuration.limits.unsettledTags = 0
        try await withBackend(configuration) { test in
            let token = try await test.token(Tag("a"))
            test.backend.settleLater([Tag("a")], lifetime: 300)
            await test.loop.sleep(milliseconds: 200)
            #expect(test.backend.keyspace == nil)
            try await test.ready()
            #expect(test.events.contains(.forgotAllTags))
            #expect(try await test.state(Tag("a")) != .version(token))
        }
    }

    @Test func `that are too many to remember make all tags forgotten`() async throws {
        var configuration = try SharedRedis.configuration()
        configuration.limits.unsettledTags = 3
        try await withBackend(configuration) { test in
            let tags = (0..<50).map { Tag("t\($0)") }
            _ = try await test.backend.createTokens(for: tags)
            let announcement = try await test.backend.announce([Tag("x")], lifetime: 10_000)
            self.disconnect(test)
            test.backend.settleLater(Array(tags.prefix(4)), lifetime: 0)
            try await test.ready()
            #expect(test.events.contains(.forgotAllTags))
            #expect(try await test.backend.look(at: tags, entry: nil).tags == Array(repeating: .absent, count: 50))
            #expect(try await test.state(Tag("x")) == .intent)
            #expect(try await test.backend.release(announcement) == [nil])
        }
    }
}
