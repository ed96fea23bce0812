import EventLoop
import HTTPServer
import Testing

@Suite struct `A server with all the connections it may have` {
    @Test func `refuses more until one ends`() async throws {
        try await withServer(limits { $0.maxConnections = 2 }) { server in
            let first = try server.client()
            let second = try server.client()
            for client in [first, second] {
                try await client.send(get("/"))
                #expect(try await client.response().status == 200)
            }
            let answer = try await server.exchange(get("/"))
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
            #expect(answer.contains("Retry-After: 1\r\n"))
            #expect(answer.contains("Connection: close\r\n"))
            #expect(server.events == [.refusedConnection])
            #expect(server.server.statistics.refusedConnections == 1)
            #expect(server.server.statistics.acceptedConnections == 2)
            #expect(server.started == 2)

            first.close()
            try await server.until { server.server.statistics.openConnections == 1 }
            let third = try server.client()
            try await third.send(get("/third"))
            #expect(try await third.response().body == "/third")
        }
    }

    @Test func `closes without a word what is beyond all bounds`() async throws {
        let few = limits {
            $0.maxConnections = 0
            $0.maxRefusals = 1
        }
        try await withServer(few) { server in
            let told = try server.client()
            #expect(try await told.response().status == 503)
            let answer = try await server.exchange("")
            #expect(answer == "")
            #expect(server.server.statistics.refusedConnections == 2)
        }
    }
}

@Suite struct `A server with many requests at once` {
    @Test func `answers them all`() async throws {
        try await withServer { server in
            let clients = try (0..<300).map { _ in try server.client() }
            for (index, client) in clients.enumerated() { _ = client.sendSome(Array(get("/\(index)").utf8)[...]) }
            for (index, client) in clients.enumerated() { #expect(try await client.response().body == "/\(index)") }
        }
    }
}

@Suite struct `A server that stops` {
    @Test func `closes idle connections at once and lets requests finish`() async throws {
        try await withServer { server in
            let gate = Gate()
            server.answer = { request in
                await gate.pass()
                return Response(.ok, body: Array(request.path.utf8))
            }
            let idle = try server.client()
            let busy = try server.client()
            try await busy.send(get("/busy") + get("/too late"))
            try await server.until { server.started == 1 && server.server.statistics.openConnections == 2 }

            var hasStopped = false
            server.loop.spawn {
                await server.server.stop(within: 5_000)
                hasStopped = true
            }
            let nothing = try await idle.rest()
            #expect(nothing == "")
            #expect(!hasStopped)
            #expect(throws: (any Error).self) { try server.client() }

            gate.open()
            let last = try await busy.rest()
            #expect(last.contains("Connection: close\r\n"))
            #expect(last.hasSuffix("/busy"))
            busy.close()
            try await server.until { hasStopped }
            #expect(server.server.statistics.openConnections == 0)
        }
    }

    @Test func `waits no longer than it may`() async throws {
        try await withServer { server in
            let gate = Gate()
            server.answer = { _ in
                await gate.pass()
                return Response(.ok)
            }
            let client = try server.client()
            try await client.send(get("/"))
            try await server.until { server.started == 1 }
            await server.server.stop(within: 50)
            let answer = try await client.rest()
            #expect(answer == "")
            gate.open()
            try await server.until { server.returned == 1 }
            #expect(server.events == [.abandonedRequest(route: -1)])
        }
    }

    @Test func `is done at once when there is nobody`() async throws {
        try await withServer { server in
            await server.server.stop(within: 60_000)
        }
    }
}

@Suite struct `A client that goes away` {
    @Test func `on its own side only still gets its answers`() async throws {
        try await withServer { server in
            server.answer = { request in
                await server.pause(20)
                return Response(.ok, body: Array(request.path.utf8))
            }
            let client = try server.client()
            try await client.send(get("/one") + get("/two"))
            client.finish()
            let answer = try await client.rest()
            #expect(answer.contains("/one"))
            #expect(answer.hasSuffix("/two"))
            try await server.until { server.server.statistics.openConnections == 0 }
        }
    }

    @Test func `on its own side only gets all answers though content was not read`() async throws {
        try await withServer { server in
            server.answer = { request in
                await server.pause(20)
                return Response(.ok, body: Array(request.path.utf8))
            }
            let client = try server.client()
            try await client.send(post("/one", "unread") + get("/two"))
            client.finish()
            let answer = try await client.rest()
            #expect(answer.contains("/one"))
            #expect(answer.hasSuffix("/two"))
        }
    }

    @Test func `in the middle of a head is forgotten`() async throws {
        try await withServer { server in
            let client = try server.client()
            try await client.send("GET / HT")
            client.finish()
            let answer = try await client.rest()
            #expect(answer == "")
            #expect(server.events == [])
        }
    }

    @Test func `in the middle of content leaves the handler with an error`() async throws {
        try await withServer { server in
            var errors: [BodyError] = []
            server.answer = { request in
                do throws(BodyError) {
                    return Response(.ok, body: try await request.body())
                } catch {
                    errors.append(error)
                    return Response(Status(error.status))
                }
            }
            for chunked in [false, true] {
                let client = try server.client()
                let framing = chunked ? "Transfer-Encoding: chunked\r\n\r\n5\r\n" : "Content-Length: 5\r\n\r\n"
                try await client.send("POST / HTTP/1.1\r\nHost: test\r\n\(framing)he")
                client.finish()
                let answer = try await client.rest()
                #expect(answer.hasPrefix("HTTP/1.1 400 "))
            }
            #expect(errors == [.disconnected, .disconnected])
        }
    }

    @Test func `by a reset while its request is answered is dropped`() async throws {
        try await withServer { server in
            let gate = Gate()
            server.answer = { request in
                await gate.pass()
                return Response(.ok, body: Array((request.header("x-long") ?? "").utf8))
            }
            let client = try server.client()
            try await client.send(get("/", "X-Long: \(String(repeating: "y", count: 10_000))"))
            try await server.until { server.started == 1 }
            client.reset()
            try await server.until { server.server.statistics.openConnections == 0 }
            #expect(server.returned == 0)
            gate.open()
            try await server.until { server.events == [.abandonedRequest(route: -1)] }
            #expect(server.server.statistics.abandonedRequests == 1)
        }
    }

    @Test func `by a reset while its content is awaited is dropped`() async throws {
        try await withServer { server in
            server.answer = { request in
                _ = try? await request.body()
                return Response(.ok)
            }
            let client = try server.client()
            try await client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhe")
            try await server.until { server.started == 1 }
            client.reset()
            try await server.until { server.events == [.abandonedRequest(route: -1)] }
        }
    }

    @Test func `by a reset while it has not read its answer is dropped`() async throws {
        try await withServer { server in
            server.answer = { _ in Response(.ok, body: [UInt8](repeating: 0, count: 20_000_000)) }
            let client = try server.client(receiveBuffer: 16_384)
            try await client.send(get("/"))
            try await server.until { server.returned == 1 }
            client.reset()
            try await server.until { server.server.statistics.openConnections == 0 }
        }
    }
}

@Suite struct `What has ended` {
    /// Refers to what would be left behind if somebody still held it.
    private struct Weak {
        weak var request: Request?
    }

    @Test func `leaves nothing behind`() async throws {
        try await withServer { server in
            var requests: [Weak] = []
            let gate = Gate()
            server.answer = { request in
                requests.append(Weak(request: request))
                if request.path == "/slow" { await gate.pass() }
                let body = try? await request.body()
                return Response(.ok, body: body ?? [])
            }
            _ = try await server.exchange(get("/", "Connection: close"))
            _ = try await server.exchange(get("/") + "nonsense\r\n")
            for isReset in [false, true] {
                let slow = try server.client()
                try await slow.send(get("/slow"))
                let incomplete = try server.client()
                try await incomplete.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhe")
                let count = requests.count + 2
                try await server.until { requests.count == count }
                if isReset { slow.reset() } else { slow.close() }
                if isReset { incomplete.reset() } else { incomplete.close() }
            }
            await server.pause(20)
            gate.open()
            try await server.until { server.server.statistics.openConnections == 0 }
            try await server.until { requests.allSatisfy { $0.request == nil } }
            #expect(requests.count == 6)
        }
    }

    @Test func `is the server too, once it was stopped`() async throws {
        try await withServer { server in
            let handler = Router { status, _ in Response(Status(status)) }
            weak var gone: Server?
            do {
                let second = Server(loop: server.loop, handler: handler)
                gone = second
                _ = try second.listen(on: try await server.loop.resolve("127.0.0.1", port: 0)[0])
                await second.stop(within: 100)
            }
            try await server.until { gone == nil }
        }
    }
}
