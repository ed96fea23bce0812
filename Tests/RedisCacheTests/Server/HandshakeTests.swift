import CacheCoordinator
import EventLoop
import LarderTesting
import Testing

@testable import RedisCache

@Suite struct `The handshake` {
    @Test func `learns the server's life, and in which part of it our keys are`() async throws {
        try await withBackend { test in
            let server = try #require(try await test.command("INFO", "server").string.map(ServerInfo.init))
            let replication = try #require(try await test.command("INFO", "replication").string.map(ServerInfo.init))
            let configuration = test.backend.configuration
            let area = "\(configuration.database)/\(configuration.prefix)"
            let life = "\(try #require(server["run_id"])):\(try #require(replication["master_replid"])):\(area)"
            #expect(test.backend.life == life)
            #expect(test.events.first == .connected(life: life, serverVersion: try #require(server["redis_version"])))
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
                    #expect(test.events.contains(.evictionPolicy(.keepsNothingWhenFull)) == (user == "larder"))
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
                #expect(message.contains("can't run this command"))
            }
        }
    }

    @Test(arguments: [("volatile-ttl", true), ("allkeys-random", true), ("allkeys-lru", false)])
    func `warns of a policy that evicts what is used`(policy: String, warns: Bool) async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(["--maxmemory-policy", policy], on: loop) { server in
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                try await test.ready()
                #expect(test.events.contains(.evictionPolicy(.evictsWhatIsUsed(policy: policy))) == warns)
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
                "$\(text.utf8.count)\r\n\(text)\r\n", "$35\r\nrole:master\r\nmaster_replid:abcdef\r\n\r\n", "+OK\r\n",
                "$1\r\na\r\n", "$1\r\nb\r\n", "$1\r\nc\r\n", "$1\r\nd\r\n", "*0\r\n",
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

    @Test func `takes a server whose memory is full, because writers can announce themselves to it`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(["--maxmemory", "1kb"], on: loop) { server in
                let test = TestBackend(try server.configuration(), on: loop)
                defer { test.backend.close() }
                try await test.ready()
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
        return try #require(failure)
    }

    private func firstRefusal(_ configuration: RedisConfiguration, on loop: Loop) async throws -> String {
        guard case .refused(let message) = try await firstFailure(configuration, on: loop) else { return "it was not refused" }
        return message
    }
}
