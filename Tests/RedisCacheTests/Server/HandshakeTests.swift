import CacheCoordinator
import EventLoop
import LarderTesting
import Testing

@testable import RedisCache

@Suite struct `The handshake` {
    @Test func `learns the keyspace from the server's run id`() async throws {
        try await withBackend { test in
            let info = try #require(try await test.command("INFO", "server").string.map(ServerInfo.init))
            let keyspace = Keyspace(try #require(info["run_id"]))
            #expect(test.backend.keyspace == keyspace)
            #expect(test.registrations == [keyspace])
            let connected = RedisEvent.connected(keyspace, serverVersion: try #require(info["redis_version"]))
            #expect(test.events.first == connected)
            #expect(test.events.last == .ready(keyspace))
        }
    }

    @Test func `says who we are`() async throws {
        try await onLoop { loop in
            let options = [
                "--user default off", "--user larder on >secret ~* +@all",
                "--user nobody-asks-config on >secret ~* +@all -config",
            ]
            try await PrivateRedis.run(options, on: loop) { server in
                for user in ["larder", "nobody-asks-config"] {
                    var configuration = try server.configuration()
                    configuration.user = user
                    configuration.password = "secret"
                    let test = TestBackend(configuration, on: loop)
                    try await test.ready()
                    #expect(test.events.contains(.evictionPolicy(.refusesWhenFull)) == (user == "larder"))
                    test.backend.close()
                }
                for (user, password, code) in [("larder", "wrong", "WRONGPASS"), (nil, nil, "NOAUTH")] {
                    var configuration = try server.configuration()
                    configuration.user = user
                    configuration.password = password
                    let message = try await self.firstRefusal(configuration, on: loop)
                    #expect(message.hasPrefix(code))
                }
            }
        }
    }

    @Test func `needs no user where there is one password for all`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(["--requirepass", "secret"], on: loop) { server in
                var configuration = try server.configuration()
                configuration.password = "secret"
                let test = TestBackend(configuration, on: loop)
                try await test.ready()
                test.backend.close()
            }
        }
    }

    @Test func `finds out that the account may not do what we need`() async throws {
        try await onLoop { loop in
            let options = ["--user reader on >secret ~* +@all -set -unlink"]
            try await PrivateRedis.run(options, on: loop) { server in
                var configuration = try server.configuration()
                configuration.user = "reader"
                configuration.password = "secret"
                let message = try await self.firstRefusal(configuration, on: loop)
                #expect(message.hasPrefix("NOPERM"))
            }
        }
    }

    @Test(arguments: [("volatile-ttl", true), ("allkeys-random", true), ("allkeys-lru", false)])
    func `warns of a policy that may evict intents`(policy: String, warns: Bool) async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(["--maxmemory-policy", policy], on: loop) { server in
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                try await test.ready()
                #expect(test.events.contains(.evictionPolicy(.evictsIntents(policy: policy))) == warns)
            }
        }
    }

    @Test func `refuses a replica`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(["--replicaof", "127.0.0.1", "1", "--replica-read-only", "no"], on: loop) { server in
                let failure = try await self.firstFailure(try server.configuration(), on: loop)
                guard case .unsuitable(let reason) = failure else {
                    Issue.record("it failed with \(failure)")
                    return
                }
                #expect(reason.contains("role is slave"))
            }
        }
    }

    @Test(arguments: [
        ("redis_version:6.2.7\r\nredis_mode:standalone", "version 6.2.7"),
        ("redis_version:7.2.0\r\nredis_mode:cluster", "cluster mode"),
        ("redis_version:7.2.0\r\nredis_mode:sentinel", "sentinel mode"),
    ])
    func `refuses a server that cannot do what we need`(info: String, reason: String) async throws {
        try await onLoop { loop in
            let text = "run_id:abc\r\n\(info)\r\n"
            let replies = [
                "$\(text.utf8.count)\r\n\(text)\r\n", "$13\r\nrole:master\r\n\r\n", "+OK\r\n", ":1\r\n", ":0\r\n", "$1\r\na\r\n",
                "$1\r\nb\r\n",
                "*0\r\n",
            ]
            let server = try await FakeServer(on: loop) { _ in replies.joined() }
            defer { server.close() }
            let failure = try await self.firstFailure(RedisConfiguration(endpoint: server.endpoint), on: loop)
            guard case .unsuitable(let text) = failure else {
                Issue.record("it failed with \(failure)")
                return
            }
            #expect(text.contains(reason))
        }
    }

    @Test func `waits while the server is out of memory`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(["--maxmemory", "1kb"], on: loop) { server in
                let message = try await self.firstRefusal(try server.configuration(), on: loop)
                #expect(message.hasPrefix("OOM"))
            }
        }
    }

    private func firstFailure(_ configuration: RedisConfiguration, on loop: Loop) async throws -> RedisFailure {
        let test = TestBackend(configuration, on: loop)
        defer { test.backend.close() }
        var failure: RedisFailure?
        _ = await loop.wait {
            for case .disconnected(let reason, _, _) in test.events { failure = reason }
            return failure != nil
        }
        #expect(test.backend.keyspace == nil)
        #expect(test.registrations.isEmpty)
        return try #require(failure)
    }

    private func firstRefusal(_ configuration: RedisConfiguration, on loop: Loop) async throws -> String {
        guard case .refused(let message) = try await firstFailure(configuration, on: loop) else { return "it was not refused" }
        return message
    }
}
