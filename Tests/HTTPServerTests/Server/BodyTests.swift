import HTTPServer
import Testing

/// Answers with the content or with what was wrong with it.
private func echo(_ request: Request) async -> Response {
    do {
        return Response(.ok, body: try await request.body())
    } catch {
        return Response(Status(error.status), body: Array("body: \(error.reason)".utf8))
    }
}

@Suite struct `The content of a request` {
    @Test(arguments: [0, 1, 200, 8_192, 100_000, 1_000_000])
    func `arrives whole, of any size and with either framing`(size: Int) async throws {
        try await withServer { server in
            server.answer = echo
            let body = String(repeating: "0123456789", count: size / 10 + 1).prefix(size)
            let client = try server.client()
            try await client.send(post("/", String(body)))
            #expect(try await client.response().body == body)
            let half = body.count / 2
            try await client.send(chunked("/", String(body.prefix(half)), "x", String(body.dropFirst(half))))
            #expect(try await client.response().body == body.prefix(half) + "x" + body.dropFirst(half))
            try await client.send(get("/after"))
            #expect(try await client.response().body == "")
        }
    }

    @Test func `in many small chunks does not fill the buffer`() async throws {
        try await withServer(limits { $0.maxBufferedBytes = 8_192 }) { server in
            server.answer = echo
            let client = try server.client()
            let chunks = String(repeating: "1\r\nx\r\n", count: 100_000) + "0\r\n\r\n"
            try await client.send("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
            #expect(try await client.response().body.utf8.count == 100_000)
        }
    }

    @Test func `may be as long as the limit and no longer`() async throws {
        try await withServer(limits { $0.request.maxBody = 1_000 }) { server in
            server.answer = echo
            let exact = String(repeating: "x", count: 1_000)
            let client = try server.client()
            try await client.send(post("/", exact) + chunked("/", String(exact.dropLast()), "y"))
            #expect(try await client.response().body == exact)
            #expect(try await client.response().status == 200)

            let announced = try await server.exchange(post("/", exact + "x"))
            #expect(announced.hasPrefix("HTTP/1.1 413 "))
            #expect(announced.contains("\r\n\r\nfailure: "))
            #expect(server.started == 2)

            let chunks = try await server.exchange(chunked("/", exact, "y"))
            #expect(chunks.hasPrefix("HTTP/1.1 413 "))
            #expect(chunks.contains("Connection: close\r\n"))
            #expect(chunks.contains("\r\n\r\nbody: "))
        }
    }

    @Test func `that is announced too long is refused before it arrives`() async throws {
        try await withServer(limits { $0.request.maxBody = 1_000 }) { server in
            let answer = try await server.exchange("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1001\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(server.events == [.refusedRequest(.bodyTooLarge)])
        }
    }

    @Test func `with broken framing is an error for the handler and the end of the connection`() async throws {
        try await withServer { server in
            server.answer = echo
            let bytes = "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
            let together = try await server.exchange(bytes + "zz\r\n" + get("/smuggled"))
            #expect(together.hasPrefix("HTTP/1.1 400 "))
            #expect(together.contains("Connection: close\r\n"))

            let client = try server.client()
            try await client.send(bytes + "1\r\nx")
            try await server.until { server.started == 2 }
            try await client.send("y\r\n" + get("/smuggled"))
            #expect(try await client.rest().hasPrefix("HTTP/1.1 400 "))
            #expect(server.started == 2)
            #expect(server.server.statistics.parseFailures == 2)
        }
    }

    @Test func `that nobody read is skipped when it is there`() async throws {
        try await withServer { server in
            let client = try server.client()
            try await client.send(post("/one", "content") + chunked("/two", "con", "tent") + get("/three"))
            for path in ["/one", "/two", "/three"] { #expect(try await client.response().body == path) }
        }
    }

    @Test func `that nobody read ends the connection when it is still to come`() async throws {
        try await withServer { server in
            let answer = try await server.exchange("POST /a HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nsome")
            #expect(answer.contains("Connection: close\r\n"))
            #expect(answer.hasSuffix("/a"))
        }
    }

    @Test func `of GET is no request of its own`() async throws {
        try await withServer { server in
            let client = try server.client()
            let inner = get("/inner")
            try await client.send(get("/outer", "Content-Length: \(inner.utf8.count)") + inner + get("/next"))
            #expect(try await client.response().body == "/outer")
            #expect(try await client.response().body == "/next")
        }
    }

    @Test func `may be asked for twice`() async throws {
        try await withServer { server in
            server.answer = { request in
                let first = try? await request.body()
                let second = try? await request.body()
                return Response(.ok, body: (first ?? []) + (second ?? []))
            }
            let client = try server.client()
            try await client.send(post("/", "ab"))
            #expect(try await client.response().body == "abab")
        }
    }
}

@Suite struct `A client that expects 100 Continue` {
    private static let head = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"

    @Test func `is told to go on when the handler wants the content`() async throws {
        try await withServer { server in
            server.answer = echo
            let client = try server.client()
            try await client.send(Self.head)
            #expect(try await client.response() == ClientResponse(status: 100, headers: [:], body: ""))
            try await client.send("hello")
            let response = try await client.response()
            #expect(response.status == 200)
            #expect(response.body == "hello")
            try await client.send(get("/next"))
            #expect(try await client.response().status == 200)
        }
    }

    @Test func `is not told when the content comes along`() async throws {
        try await withServer { server in
            server.answer = echo
            let client = try server.client()
            try await client.send(Self.head + "hello")
            #expect(try await client.response().status == 200)
            try await client.send(Self.head + "h")
            try await server.until { server.started == 2 }
            #expect(try await client.isQuiet(for: 20))
            try await client.send("ello")
            #expect(try await client.response().body == "hello")
        }
    }

    @Test func `gets the final answer at once when nobody wants the content`() async throws {
        try await withServer { server in
            server.answer = { _ in Response(.unauthorized) }
            let answer = try await server.exchange(Self.head)
            #expect(answer.hasPrefix("HTTP/1.1 401 "))
            #expect(answer.contains("Connection: close\r\n"))
        }
    }

    @Test func `gets 413 at once for too much`() async throws {
        try await withServer(limits { $0.request.maxBody = 4 }) { server in
            let answer = try await server.exchange(Self.head)
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test func `gets 417 for another expectation`() async throws {
        try await withServer { server in
            let answer = try await server.exchange(post("/", "x", "Expect: tea"))
            #expect(answer.hasPrefix("HTTP/1.1 417 "))
        }
    }

    @Test func `is told after the answers to what it asked before`() async throws {
        try await withServer { server in
            server.answer = echo
            let client = try server.client()
            try await client.send(post("/", "first") + Self.head)
            #expect(try await client.response().body == "first")
            #expect(try await client.response().status == 100)
            try await client.send("after")
            #expect(try await client.response().body == "after")
        }
    }
}
