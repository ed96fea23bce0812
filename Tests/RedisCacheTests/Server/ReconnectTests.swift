import CacheCoordinator
import EventLoop
import LarderTesting
import Model
import Testing

@testable import RedisCache

@Suite struct `A server that is not there` {
    @Test func `fails everything at once, and is used as soon as it comes`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                server.kill()
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                await expectUnreachable(test)
                #expect(await loop.wait { test.backend.counters.failures >= 3 })
                await expectUnreachable(test)
                guard case .disconnected(.unreachable, retryInMilliseconds: 20...40, isFirst: true) = test.events.first else {
                    Issue.record("\(test.events)")
                    return
                }
                try await server.start()
                try await test.ready()
                #expect(try await test.state(Tag("a")) == .absent)
            }
        }
    }

    @Test func `is news once each time, and again when it is back`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                try await test.ready()
                for outage in 1...2 {
                    server.kill()
                    let failures = test.backend.counters.failures
                    #expect(await loop.wait { test.backend.counters.failures >= failures + 4 })
                    try await server.start()
                    try await test.ready()
                    #expect(
                        test.events.count { if case .disconnected(_, _, isFirst: true) = $0 { true } else { false } } == outage)
                }
            }
        }
    }

    @Test func `is not waited for after the first attempt`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                server.kill()
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                let start = loop.now
                let error = await #expect(throws: CacheNotReady.self) {
                    try await test.backend.waitUntilReady(milliseconds: 10_000)
                }
                #expect(error?.description.hasPrefix("it cannot be reached: ") == true)
                #expect(loop.now - start < 1_000)
                #expect(test.backend.counters.failures == 1)
            }
        }
    }

    @Test func `that is stopped delays those who wait by one timeout, and nobody after them`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                let test = TestBackend(try server.configuration(timeout: 200), on: loop)
                defer { test.backend.close() }
                try await test.ready()
                let keyspace = test.backend.keyspace
                server.stop()
                let start = loop.now
                let outcomes = await failures(of: 5, test)
                #expect(outcomes == Array(repeating: .timedOut, count: 5))
                #expect((200..<1_000).contains(loop.now - start))
                // For several probes, which time out as well, nobody waits.
                while loop.now - start < 1_500 {
                    let before = ContinuousClock.now
                    let outcome = await failures(of: 1, test)[0]
                    #expect(outcome == .unreachable)
                    #expect(ContinuousClock.now - before < .milliseconds(150))
                    await loop.sleep(milliseconds: 20)
                }
                #expect(test.backend.counters.timeouts >= 2)
                server.resume()
                try await test.ready()
                #expect(test.backend.keyspace == keyspace)
            }
        }
    }

    @Test func `that was killed fails those who wait`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                try await test.ready()
                server.stop()
                var outcomes: [CacheUnavailable?] = []
                loop.spawn { outcomes = await failures(of: 3, test) }
                await loop.sleep(milliseconds: 20)
                server.kill()
                #expect(await loop.wait { outcomes.count == 3 })
                #expect(outcomes == Array(repeating: .unreachable, count: 3))
                await expectUnreachable(test)
            }
        }
    }

    @Test func `fails those who asked in the turn in which the backend is closed`() async throws {
        try await withBackend { test in
            var outcomes: [CacheUnavailable?] = []
            test.loop.spawn { outcomes = await failures(of: 3, test) }
            test.backend.close()
            #expect(await test.loop.wait { outcomes.count == 3 })
            #expect(outcomes == Array(repeating: .unreachable, count: 3))
            await expectUnreachable(test)
            await #expect(throws: CacheNotReady.self) { try await test.backend.waitUntilReady(milliseconds: 50) }
        }
    }

    private func failures(of count: Int, _ test: TestBackend) async -> [CacheUnavailable?] {
        let outcomes = try? await test.loop.all(Array(0..<count)) { _ -> CacheUnavailable? in
            do throws(CacheUnavailable) {
                _ = try await test.backend.look(at: [Tag("a")], entry: nil)
                return nil
            } catch {
                return error
            }
        }
        return outcomes ?? []
    }

    private func expectUnreachable(_ test: TestBackend) async {
        let backend = test.backend
        #expect(backend.keyspace == nil)
        await #expect(throws: CacheUnavailable.unreachable) { _ = try await backend.look(at: [Tag("a")], entry: nil) }
        await #expect(throws: CacheUnavailable.unreachable) { _ = try await backend.place(on: [Tag("a")]) }
        await #expect(throws: CacheUnavailable.unreachable) {
            _ = try await backend.announce(7, on: [Tag("a")], in: Keyspace("test"), life: "")
        }
        await #expect(throws: CacheUnavailable.unreachable) { try await backend.invalidate([Tag("a")]) }
    }
}

@Suite struct `A server that begins another life` {
    @Test func `is another one after a restart`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                try await test.ready()
                let life = test.backend.life
                server.kill()
                #expect(await loop.wait { test.backend.life == nil })
                try await server.start()
                #expect(await loop.wait { test.backend.life != nil })
                #expect(test.backend.life != life)
            }
        }
    }

    @Test func `is noticed when it was a replica for a moment, and kept its clients and its run id`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                try await test.ready()
                let life = test.backend.life
                try await test.command("REPLICAOF", "127.0.0.1", "1")
                try await test.command("REPLICAOF", "NO", "ONE")
                #expect(await loop.wait(atMost: 2 * RedisLink.checksEvery + 1_000) { test.backend.counters.connects == 2 })
                #expect(test.backend.life != life)
            }
        }
    }

    @Test func `takes no announcement while it is a replica`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                try await test.ready()
                try await test.command("REPLICAOF", "127.0.0.1", "1")
                await #expect {
                    try await test.announce(7, on: Tag("a"))
                } throws: { error in
                    guard case .refused(let message) = error as? CacheUnavailable else { return false }
                    return message.hasPrefix("READONLY")
                }
                #expect(test.backend.keyspace == nil)
            }
        }
    }
}
