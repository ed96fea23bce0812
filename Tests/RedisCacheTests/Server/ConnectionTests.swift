import EventLoop
import LarderTesting
import Testing

@testable import RedisCache

/// Runs `body` with a bare connection to `endpoint`.
private func withConnection<Result: Sendable>(
    timeout: UInt64 = 5_000, limits: RedisLimits = RedisLimits(),
    _ body: @escaping @Sendable (RedisConnection, Loop) async throws -> Result
) async throws -> Result {
    let configuration = try TestServers.redis()
    return try await onLoop { loop in
        let connection = try await connect(to: configuration.endpoint, on: loop, timeout: timeout, limits: limits)
        defer { connection.breakDown(.closed) }
        return try await body(connection, loop)
    }
}

private func connect(
    to endpoint: Endpoint, on loop: Loop, timeout: UInt64 = 5_000, limits: RedisLimits = RedisLimits()
) async throws -> RedisConnection {
    let stream = try await Stream.connect(to: endpoint, on: loop, timeout: 5_000)
    return RedisConnection(stream, timeout: timeout, limits: limits, meter: RedisMeter())
}

@Suite struct `A connection` {
    @Test func `matches the replies of many callers to their commands`() async throws {
        try await withConnection { connection, loop in
            let replies = try await loop.all(Array(0..<500)) { number in
                try await connection.run(["ECHO", .number(number)]).number
            }
            #expect(replies == Array(0..<500))
        }
    }

    @Test func `writes the commands of a turn at once, in their order`() async throws {
        try await withConnection { connection, loop in
            final class Owner: RedisConnectionOwner {
                var flushes = 0
                func connectionWillFlush(_ connection: RedisConnection) { flushes += 1 }
                func connection(_ connection: RedisConnection, didBreak failure: RedisFailure) {}
            }
            let owner = Owner()
            connection.owner = owner
            let key = "test-\(UInt64.random(in: .min ... .max))"
            let values = try await loop.all(Array(1...100)) { _ in try await connection.run(["INCR", .text(key)]).number }
            #expect(values == Array(1...100))
            #expect(owner.flushes == 1)
            _ = try await connection.run(["DEL", .text(key)])
        }
    }

    @Test func `returns an error of the server to its caller and goes on`() async throws {
        try await withConnection { connection, _ in
            await #expect {
                _ = try await connection.run(["NOSUCHCOMMAND"])
            } throws: { error in
                guard case .refused(let message) = error as? RedisFailure else { return false }
                return message.hasPrefix("ERR unknown command")
            }
            let replies = try await connection.run([["PING"], ["INCR"], ["PING"]])
            #expect(replies[0].string == "PONG")
            #expect(replies[2].string == "PONG")
            #expect(connection.meter.counters.errors == 2)
        }
    }

    @Test func `carries large values, which need many reads and writes`() async throws {
        try await withConnection { connection, _ in
            let key = "test-\(UInt64.random(in: .min ... .max))"
            let value = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
            let replies = try await connection.run([
                ["SET", .text(key), .bytes(value)], ["GET", .text(key)], ["DEL", .text(key)], ["PING"],
            ])
            #expect(replies[1] == .text(value))
            #expect(replies[3].string == "PONG")
        }
    }

    @Test func `breaks when a reply is larger than allowed`() async throws {
        var limits = RedisLimits()
        limits.replyBytes = 100_000
        try await withConnection(limits: limits) { connection, _ in
            await #expect(throws: RedisFailure.replyTooLarge) {
                _ = try await connection.run(["EVAL", "return string.rep('x', 200000)", "0"])
            }
            #expect(connection.failure == .replyTooLarge)
        }
    }

    @Test func `refuses commands when too many wait`() async throws {
        var limits = RedisLimits()
        limits.waitingCommands = 10
        try await withConnection(limits: limits) { connection, loop in
            let outcomes = try await loop.all(Array(0..<20)) { number -> RedisFailure? in
                do throws(RedisFailure) {
                    _ = try await connection.run(["ECHO", .number(number)])
                    return nil
                } catch {
                    return error
                }
            }
            #expect(outcomes == Array(repeating: nil, count: 10) + Array(repeating: .overloaded, count: 10))
            #expect(try await connection.run(["PING"]).string == "PONG")
        }
    }

    @Test func `fails at once after it broke`() async throws {
        try await withConnection { connection, _ in
            connection.breakDown(.closed)
            await #expect(throws: RedisFailure.closed) { _ = try await connection.run(["PING"]) }
        }
    }
}

@Suite struct `A connection to a server in trouble` {
    @Test func `breaks when a command is not answered in time, and tells all that wait`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                let connection = try await connect(to: .unix(path: server.socket), on: loop, timeout: 100)
                _ = try await connection.run(["PING"])
                server.stop()
                let start = loop.now
                let outcomes = try await loop.all(Array(0..<5)) { number -> RedisFailure? in
                    await loop.sleep(milliseconds: UInt64(number) * 10)
                    do throws(RedisFailure) {
                        _ = try await connection.run(["PING"])
                        return nil
                    } catch {
                        return error
                    }
                }
                #expect(outcomes == Array(repeating: .timedOut, count: 5))
                #expect(loop.now - start >= 100)
                #expect(loop.now - start < 1_000)
                #expect(connection.failure == .timedOut)
                #expect(connection.meter.counters.timeouts == 1)
            }
        }
    }

    @Test func `does not break because this process was late`() async throws {
        try await withConnection(timeout: 300) { connection, loop in
            var answer: String?
            // What runs after an event of the poll is followed by the timers, before the next poll reads the reply.
            try await loop.offload {}
            loop.spawn { answer = try? await connection.run(["PING"]).string }
            let end = ContinuousClock.now + .milliseconds(700)
            while ContinuousClock.now < end {}
            #expect(await loop.wait { answer == "PONG" || connection.failure != nil })
            #expect(connection.failure == nil)
        }
    }

    @Test func `breaks when the server is killed`() async throws {
        try await onLoop { loop in
            try await PrivateRedis.run(on: loop) { server in
                let connection = try await connect(to: .unix(path: server.socket), on: loop)
                server.stop()
                var outcome: RedisFailure?
                loop.spawn {
                    do throws(RedisFailure) { _ = try await connection.run(["PING"]) } catch { outcome = error }
                }
                await loop.sleep(milliseconds: 10)
                server.kill()
                #expect(await loop.wait { outcome != nil })
                guard case .disconnected = outcome else {
                    Issue.record("it failed with \(String(describing: outcome))")
                    return
                }
            }
        }
    }

    @Test(arguments: [
        ("+OK\r\n+OK\r\n", "a reply that nobody asked for"), ("HTTP/1.1 400 Bad Request\r\n\r\n", "Protocol error"),
    ])
    func `breaks when it hears nonsense`(answer: String, reason: String) async throws {
        try await onLoop { loop in
            let server = try await FakeServer(on: loop) { _ in answer }
            defer { server.close() }
            let connection = try await connect(to: server.endpoint, on: loop)
            _ = try? await connection.run(["PING"])
            #expect(await loop.wait { connection.failure != nil })
            guard case .malformedReply(let text) = connection.failure else {
                Issue.record("it broke with \(String(describing: connection.failure))")
                return
            }
            #expect(text.contains(reason))
        }
    }

    @Test(arguments: [
        "LOADING Redis is loading the dataset in memory", "READONLY You can't write against a read only replica.",
        "MASTERDOWN Link with MASTER is down",
        "MISCONF Redis is configured to save RDB snapshots", "NOAUTH Authentication required.",
    ])
    func `breaks when the server says that it cannot be the cache now`(message: String) async throws {
        try await onLoop { loop in
            let server = try await FakeServer(on: loop) { _ in "-\(message)\r\n" }
            defer { server.close() }
            let connection = try await connect(to: server.endpoint, on: loop)
            await #expect(throws: RedisFailure.refused(message)) { _ = try await connection.run(["SET", "a", "b"]) }
            #expect(connection.failure == .refused(message))
        }
    }
}
