import HTTPServer
import Testing

@Suite struct `A client that does not read` {
    private static let size = 2_000

    @Test func `stops its own requests and gets all answers when it reads`() async throws {
        try await withServer { server in
            server.answer = { request in
                let path = Array(request.path.utf8)
                return Response(.ok, body: path + [UInt8](repeating: UInt8(ascii: " "), count: Self.size - path.count))
            }
            let count = 10_000
            let client = try server.client(receiveBuffer: 16_384)
            let requests = Array((0..<count).map { get("/\($0)") }.joined().utf8)
            var sent = client.sendSome(requests[...])
            try await server.until { server.server.statistics.unsentBytes > ServerLimits().maxUnsentBytes }
            let started = server.started
            await server.pause(50)
            #expect(server.started == started)
            #expect(started < count)

            for index in 0..<count {
                sent += client.sendSome(requests[sent...])
                let response = try await client.response()
                #expect(response.body.hasPrefix("/\(index) "))
                // What the server holds for this client is bounded; all else is in the kernel.
                #expect(server.server.statistics.unsentBytes <= ServerLimits().maxUnsentBytes + 2 * Self.size)
            }
            #expect(server.server.statistics.unsentBytes == 0)
        }
    }

    @Test func `is not helped by the kernel, which would take megabytes for it`() async throws {
        try await withServer { server in
            server.answer = { _ in Response(.ok, body: [UInt8](repeating: 120, count: 2_000_000)) }
            let client = try server.client(receiveBuffer: 16_384)
            try await client.send(get("/") + get("/"))
            try await server.until { server.started > 0 }
            await server.pause(20)
            #expect(server.server.statistics.unsentBytes > 500_000)
            #expect(server.started == 1)
        }
    }

    /// With room for long answers.
    private static func patient(milliseconds: UInt64) -> ServerLimits {
        limits {
            $0.answerRate.graceMilliseconds = milliseconds
            $0.bufferBytes = 100_000_000
        }
    }

    @Test func `is given up when it takes nothing for too long`() async throws {
        try await withServer(Self.patient(milliseconds: 100)) { server in
            server.answer = { _ in Response(.ok, body: [UInt8](repeating: 0, count: 20_000_000)) }
            let client = try server.client(receiveBuffer: 16_384)
            try await client.send(get("/"))
            try await server.until { server.events == [.timedOut(.write)] }
            #expect(server.server.statistics.openConnections == 0)
        }
    }

    @Test func `is not given up when it takes a little now and then`() async throws {
        try await withServer(Self.patient(milliseconds: 500)) { server in
            server.answer = { _ in Response(.ok, body: [UInt8](repeating: 0, count: 24_000_000)) }
            // On a machine that is too busy the client may get no turn in time, but not always.
            for _ in 0..<5 {
                let client = try server.client(receiveBuffer: 65_536)
                try await client.send(get("/", "Connection: close"))
                if try await Self.takeSlowly(client, pause: { await server.pause(50) }) { return }
                client.close()
            }
            Issue.record("The server gave up a client that took something all the time.")
        }
    }

    /// Takes a part of a long answer in thrice the time that a client may take nothing.
    ///
    /// - Returns: whether the connection lives on.
    private static func takeSlowly(_ client: Client, pause: () async -> Void) async throws -> Bool {
        for _ in 0..<30 {
            for _ in 0..<10 where !client.hasEnded { try await client.receive(orEnd: true) }
            await pause()
        }
        return !client.hasEnded
    }
}

@Suite struct `While a request is being answered` {
    @Test func `only a bounded part of what follows is read`() async throws {
        try await withServer(limits { $0.maxBufferedBytes = 10_000 }) { server in
            let gate = Gate()
            server.answer = { request in
                await gate.pass()
                return Response(.ok, body: Array(request.path.utf8))
            }
            let client = try server.client()
            let requests = Array((0..<200_000).map { get("/\($0)") }.joined().utf8)
            var sent = 0
            var idleRounds = 0
            while idleRounds < 10 && sent < requests.count {
                let more = client.sendSome(requests[sent...])
                idleRounds = more == 0 ? idleRounds + 1 : 0
                sent += more
                await server.pause(2)
            }
            #expect(sent < requests.count)
            #expect(server.started == 1)
            #expect(server.server.statistics.bytesIn < 40_000)
            gate.open()
            for index in 0..<1_000 { #expect(try await client.response().body == "/\(index)") }
        }
    }
}
