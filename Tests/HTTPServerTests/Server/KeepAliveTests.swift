import HTTPServer
import Testing

@Suite struct `A connection` {
    @Test func `serves one request after the other`() async throws {
        try await withServer { server in
            let client = try server.client()
            for path in ["/one", "/two", "/three"] {
                try await client.send(get(path))
                let response = try await client.response()
                #expect(response.status == 200)
                #expect(response.body == path)
                #expect(response.headers["connection"] == nil)
            }
            #expect(server.server.statistics.acceptedConnections == 1)
        }
    }

    @Test func `ends after a request that asks for it`() async throws {
        try await withServer { server in
            let answer = try await server.exchange(get("/last", "Connection: close") + get("/unheard"))
            #expect(answer.contains("Connection: close\r\n"))
            #expect(answer.hasSuffix("/last"))
            #expect(server.started == 1)
        }
    }

    @Test func `of HTTP/1.0 ends after one request unless the client asks to keep it`() async throws {
        try await withServer { server in
            #expect(try await server.exchange("GET /old HTTP/1.0\r\n\r\n").hasSuffix("/old"))

            let client = try server.client()
            try await client.send("GET /kept HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let first = try await client.response()
            #expect(first.headers["connection"] == "keep-alive")
            try await client.send("GET /ended HTTP/1.0\r\n\r\n")
            #expect(try await client.rest().hasSuffix("/ended"))
        }
    }

    @Test func `answers the same however the bytes are cut`() async throws {
        try await withServer { server in
            server.answer = { request in
                let body = (try? await request.body()) ?? Array("failed".utf8)
                return Response(.ok, body: Array("\(request.methodName) \(request.path) ".utf8) + body)
            }
            let requests = get("/a") + post("/b", "hello") + chunked("/c", "chunk", "s") + get("/d", "Connection: close")
            let bytes = Array(requests.utf8)
            let whole = try await server.exchange(String(decoding: bytes, as: UTF8.self))
            #expect(whole.hasSuffix("GET /d "))
            #expect(whole.contains("POST /b hello"))
            #expect(whole.contains("POST /c chunks"))
            for cut in 1..<bytes.count {
                let client = try server.client()
                try await client.send(Array(bytes[..<cut]))
                await server.pause(1)
                try await client.send(Array(bytes[cut...]))
                let answer = try await client.rest()
                #expect(withoutDate(answer) == withoutDate(whole), "cut at \(cut)")
                client.close()
            }
        }
    }

    @Test func `answers a request that comes byte by byte`() async throws {
        try await withServer { server in
            server.answer = { request in Response(.ok, body: (try? await request.body()) ?? []) }
            let client = try server.client()
            for byte in (post("/", "slow") + chunked("/", "slo", "wer")).utf8 {
                try await client.send([byte])
                await server.pause(1)
            }
            #expect(try await client.response().body == "slow")
            #expect(try await client.response().body == "slower")
        }
    }

    private func withoutDate(_ text: String) -> [Substring] {
        text.split(separator: "\r\n").filter { !$0.hasPrefix("Date: ") }
    }
}

@Suite struct `Pipelined requests` {
    @Test func `are answered in their order though the first takes longest`() async throws {
        try await withServer { server in
            let gate = Gate()
            server.answer = { request in
                if request.path == "/0" { await gate.pass() }
                return Response(.ok, body: Array(request.path.utf8))
            }
            let client = try server.client()
            try await client.send((0..<20).map { get("/\($0)") }.joined())
            try await server.until { server.started == 1 }
            #expect(try await client.isQuiet(for: 20))
            #expect(server.started == 1)
            gate.open()
            for index in 0..<20 { #expect(try await client.response().body == "/\(index)") }
        }
    }

    @Test func `leave in one write when they came in one`() async throws {
        try await withServer { server in
            let client = try server.client()
            let count = ServerLimits().maxRequestsPerTurn
            try await client.send((0..<count).map { get("/\($0)") }.joined())
            try await client.receive()
            // What one read gives is what one write sent.
            #expect(String(decoding: client.received, as: UTF8.self).split(separator: "HTTP/1.1 200").count == count)
        }
    }

    @Test func `of two connections do not wait for each other`() async throws {
        try await withServer { server in
            let gate = Gate()
            server.answer = { request in
                if request.path == "/slow" { await gate.pass() }
                return Response(.ok, body: Array(request.path.utf8))
            }
            let slow = try server.client()
            let quick = try server.client()
            try await slow.send(get("/slow"))
            try await quick.send(get("/quick"))
            #expect(try await quick.response().body == "/quick")
            gate.open()
            #expect(try await slow.response().body == "/slow")
        }
    }
}
