import CacheCoordinator
import EventLoop
import LarderTesting
import Model
import Testing

@testable import RedisCache

@Suite struct `A keyspace` {
    /// As the service has it: the first keyspace ever needs no hold-off, each later one needs a second.
    private func registrar() -> (Keyspace) async throws -> Int {
        var known: Set<Keyspace> = []
        return { known.insert($0).inserted && known.count > 1 ? 1_000 : 0 }
    }

    @Test func `is another one after a restart, and begins with a hold-off`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                let test = TestBackend(try server.configuration(), on: loop, registrar: self.registrar())
                defer { test.backend.close() }
                try await test.ready()
                let first = try #require(test.backend.keyspace)
                _ = try await test.token(Tag("a"))
                let before = try await test.backend.announce([Tag("a"), Tag("b")], lifetime: 10_000)
                server.kill()
                try await server.start(on: loop)
                let isHoldingOff = await loop.wait { test.backend.link.machine.state == .holdingOff }
                #expect(isHoldingOff)
                let start = loop.now
                #expect(test.backend.keyspace == nil)
                await #expect(throws: CacheUnavailable.holdOff) { _ = try await test.backend.look(at: [Tag("a")], entry: nil) }
                await #expect(throws: CacheUnavailable.holdOff) { _ = try await test.backend.createTokens(for: [Tag("a")]) }
                #expect(try await test.backend.release(before) == [nil, nil], "its mark went with the old server")
                let inside = try await test.backend.announce([Tag("c")], lifetime: 10_000)
                #expect(inside.keyspace != first)
                let brief = try await test.backend.announce([Tag("d")], lifetime: 10_000)
                #expect(try await test.backend.release(brief) == [nil])

                try await test.ready()
                #expect(loop.now - start >= 500)
                let second = try #require(test.backend.keyspace)
                #expect(second == inside.keyspace)
                #expect(test.registrations.prefix(2) == [first, second])
                #expect(test.events.contains(.holdOffBegan(second, milliseconds: 1_000)))
                #expect(try await test.state(Tag("a")) == .absent)
                #expect(try await test.backend.release(inside) == [nil], "it announced inside of the hold-off")
                let after = try await test.backend.announce([Tag("c")], lifetime: 10_000)
                #expect(try await test.backend.release(after)[0] != nil)
            }
        }
    }

    @Test func `stays the same when only the connection breaks`() async throws {
        try await withBackend { test in
            let keyspace = test.backend.keyspace
            let token = try await test.token(Tag("a"))
            let announcement = try await test.backend.announce([Tag("b")], lifetime: 10_000)
            test.backend.link.connection?.breakDown(.disconnected("by the test"))
            #expect(test.backend.keyspace == nil)
            try await test.ready()
            #expect(test.backend.keyspace == keyspace)
            #expect(test.registrations.count == 2)
            #expect(try await test.state(Tag("a")) == .version(token))
            #expect(try await test.backend.release(announcement)[0] != nil)
        }
    }

    @Test func `is not used before it is registered`() async throws {
        struct StoreIsDown: Error {}
        let configuration = try SharedRedis.configuration()
        try await onLoop { loop in
            var isDown = true
            let test = TestBackend(configuration, on: loop) { _ in
                if isDown { throw StoreIsDown() }
                return 0
            }
            defer { test.backend.close() }
            #expect(await loop.wait { test.registrations.count >= 3 })
            #expect(test.backend.keyspace == nil)
            await #expect(throws: CacheUnavailable.holdOff) { _ = try await test.backend.look(at: [Tag("a")], entry: nil) }
            await #expect(throws: CacheUnavailable.unreachable) {
                _ = try await test.backend.announce([Tag("a")], lifetime: 1_000)
            }
            #expect(
                test.events.contains {
                    if case .registrationFailed("StoreIsDown()", retryInMilliseconds: 20...40, isFirst: true) = $0 {
                        true
                    } else {
                        false
                    }
                })
            #expect(test.events.count { if case .registrationFailed(_, _, isFirst: true) = $0 { true } else { false } } == 1)
            await #expect(throws: CacheNotReady.self) { try await test.backend.waitUntilReady(milliseconds: 10_000) }
            isDown = false
            try await test.ready()
        }
    }

    @Test func `is used no more as soon as the registrar says that another one has followed it`() async throws {
        let configuration = try SharedRedis.configuration()
        try await onLoop { loop in
            var isSuperseded = false
            let test = TestBackend(configuration, on: loop) { _ in
                if isSuperseded { throw SupersededKeyspace("use the other one") }
                return 0
            }
            defer { test.backend.close() }
            try await test.ready()
            isSuperseded = true
            #expect(await loop.wait(atMost: 2 * RedisLink.confirmsEvery) { test.backend.keyspace == nil })
            let isTold = await loop.wait {
                test.events.contains {
                    if case .registrationFailed("use the other one", _, isFirst: true) = $0 { true } else { false }
                }
            }
            #expect(isTold)
            await #expect(throws: CacheUnavailable.self) { _ = try await test.backend.look(at: [Tag("a")], entry: nil) }
        }
    }

    @Test func `is used on while the registrar cannot tell`() async throws {
        struct StoreIsDown: Error {}
        let configuration = try SharedRedis.configuration()
        try await onLoop { loop in
            var isDown = false
            let test = TestBackend(configuration, on: loop) { _ in
                if isDown { throw StoreIsDown() }
                return 0
            }
            defer { test.backend.close() }
            try await test.ready()
            isDown = true
            #expect(await loop.wait { test.registrations.count == 3 })
            #expect(test.registrations[2] == test.registrations[0], "asked with the server's own name each time")
            #expect(test.backend.keyspace != nil)
        }
    }

    @Test func `has the name that the registrar gives it`() async throws {
        try await onLoop { loop in
            let log = Log<Keyspace>()
            let configuration = try SharedRedis.configuration()
            let backend = RedisBackend(configuration, on: loop) { keyspace in
                log.items.append(keyspace)
                keyspace = Keyspace("\(keyspace.name):database")
                return 0
            }
            defer { backend.close() }
            backend.start()
            try await backend.waitUntilReady(milliseconds: 10_000)
            let name = "\(log.items[0].name):database"
            #expect(backend.keyspace == Keyspace(name))
            let announcement = try await backend.announce([Tag("a")], lifetime: 60_000)
            #expect(announcement.keyspace == Keyspace(name))
            let key = RedisArgument.text("\(configuration.prefix):\(name):t:a")
            #expect(try await backend.link.connection?.run(["EXISTS", key]) == .integer(1))
            #expect(try await backend.statistics().keyspace == Keyspace(name))
            backend.link.connection?.breakDown(.disconnected("by the test"))
            try await backend.waitUntilReady(milliseconds: 10_000)
            #expect(log.items[1] == log.items[0], "the registrar is asked with the server's own name each time")
            #expect(try await backend.release(announcement)[0] != nil)
        }
    }

    @Test func `is not used on the word of a registrar that answers after the connection broke`() async throws {
        let configuration = try SharedRedis.configuration()
        try await onLoop { loop in
            var answers: [UnsafeContinuation<Int, Never>] = []
            let test = TestBackend(configuration, on: loop) { _ in await withUnsafeContinuation { answers.append($0) } }
            defer { test.backend.close() }
            #expect(await loop.wait { answers.count == 1 })
            test.backend.link.connection?.breakDown(.disconnected("by the test"))
            #expect(await loop.wait { answers.count == 2 })
            answers[0].resume(returning: 0)
            await loop.sleep(milliseconds: 20)
            #expect(test.backend.keyspace == nil)
            answers[1].resume(returning: 0)
            try await test.ready()
        }
    }
}
