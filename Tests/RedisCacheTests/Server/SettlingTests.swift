import CacheCoordinator
import EventLoop
import LarderTesting
import Model
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

    @Test func `that are too many are forgotten at once, and again when none can be committed any more`() async throws {
        var configuration = try SharedRedis.configuration()
        configuration.limits.unsettledTags = 0
        try await withBackend(configuration) { test in
            // An instance of its own, which sees what all see.
            let other = TestBackend(test.backend.configuration, on: test.loop)
            defer { other.backend.close() }
            try await other.ready()
            _ = try await other.token(Tag("a"))
            test.backend.settleLater([Tag("a")], lifetime: 1_000)
            #expect(await test.loop.wait(atMost: 900) { (try? await other.state(Tag("a"))) == .absent })
            #expect(test.backend.keyspace == nil)
            let filled = try await other.token(Tag("a"))
            #expect(!test.events.contains(.forgotAllTags))
            try await test.ready()
            #expect(test.events.contains(.forgotAllTags))
            #expect(try await other.state(Tag("a")) != .version(filled))
        }
    }

    @Test func `keep the other workers of the process from reading, whose connections are well`() async throws {
        let configuration = try SharedRedis.configuration()
        try await onLoop { loop in
            let unannounced = UnannouncedWrites()
            var isHeld = false
            let broken = TestBackend(configuration, on: loop, unannounced: unannounced) { _ in
                while isHeld { await loop.sleep(milliseconds: 5) }
                return 0
            }
            let well = TestBackend(configuration, on: loop, unannounced: unannounced)
            defer {
                broken.backend.close()
                well.backend.close()
            }
            try await broken.ready()
            try await well.ready()
            let token = try await well.token(Tag("a"))
            isHeld = true
            self.disconnect(broken)
            #expect(try await well.state(Tag("a")) == .version(token), "nothing was written yet")

            broken.backend.settleLater([Tag("a")], lifetime: 0)
            #expect(well.backend.keyspace == nil)
            await #expect(throws: CacheUnavailable.unreachable) { _ = try await well.state(Tag("a")) }
            await #expect(throws: CacheUnavailable.unreachable) { _ = try await well.token(Tag("a")) }
            // It may be announced to all the same.
            _ = try await well.backend.release(try await well.backend.announce([Tag("b")], lifetime: 1_000))

            isHeld = false
            try await broken.ready()
            #expect(well.backend.keyspace != nil)
            #expect(try await well.state(Tag("a")) != .version(token))
        }
    }

    @Test func `make worthless what another worker of the process is about to be told`() async throws {
        let configuration = try SharedRedis.configuration()
        try await onLoop { loop in
            let unannounced = UnannouncedWrites()
            let test = TestBackend(configuration, on: loop, unannounced: unannounced)
            defer { test.backend.close() }
            try await test.ready()
            var outcome: CacheUnavailable?
            loop.spawn {
                do throws(CacheUnavailable) {
                    _ = try await test.backend.look(at: [Tag("a")], entry: nil)
                } catch {
                    outcome = error
                }
            }
            unannounced.begin()
            #expect(await loop.wait { outcome != nil })
            #expect(outcome == .unreachable)
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
