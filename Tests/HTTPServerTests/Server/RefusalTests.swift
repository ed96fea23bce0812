import HTTPServer
import Testing

@Suite struct `A request that is refused` {
    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET /\r\n\r\n", 400),
        ("GET / HTTP/1.1\nHost: test\n\n", 400),
        ("GET / HTTP/1.1\r\nHost: test\r\nA : b\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("GET /%zz HTTP/1.1\r\nHost: test\r\n\r\n", 400),
        ("CONNECT a:1 HTTP/1.1\r\nHost: test\r\n\r\n", 501),
        ("POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        ("GET / HTTP/2.0\r\nHost: test\r\n\r\n", 505),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        ("GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\nHost: test\r\n\r\n", 414),
        ("GET / HTTP/1.1\r\nHost: test\r\nA: \(String(repeating: "a", count: 70_000))\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\nHost: test\r\n\(String(repeating: "A: b\r\n", count: 100))\r\n", 431),
    ])
    func `gets one answer and the end, and nothing behind it is heard`(bytes: String, status: Int) async throws {
        try await withServer { server in
            let answer = try await server.exchange(bytes + get("/behind"))
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            #expect(answer.contains("Connection: close\r\n"))
            #expect(answer.contains("\r\n\r\nfailure: "))
            #expect(answer.split(separator: "Content-Length: ").count == 2)
            #expect(server.started == 0)
            #expect(server.server.statistics.parseFailures == 1)
            #expect(server.server.statistics.unrouted.statuses == [UInt16(status): 1])
        }
    }

    @Test(arguments: [
        "POST / HTTP/1.1\r\nHost: test\r\nOrigin: here\r\nContent-Length: 99999999999\r\n\r\n",
        "GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\nHost: test\r\nOrigin: here\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: test\r\nOrigin: here\r\nA: \(String(repeating: "a", count: 70_000))\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: test\r\nOrigin: here\r\nA : b\r\n\r\n",
    ])
    func `shows its header to whoever makes the answer`(bytes: String) async throws {
        try await withServer { server in
            let client = try server.client()
            try await client.send(get("/one", "Origin: before"))
            _ = try await client.response()
            try await client.send(bytes)
            #expect(try await client.response().headers["seen-origin"] == "here")
        }
    }

    @Test(arguments: [
        ("HEAD / HTTP/1.1\r\n\r\n", 400), ("\r\nHEAD /%zz HTTP/1.1\r\nHost: test\r\n\r\n", 400),
        ("HEAD /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\nHost: test\r\n\r\n", 414),
        ("HEAD /\(String(repeating: "a", count: 9_000))", 414),
        ("HEAD / HTTP/1.1\r\nHost: test\r\nA: \(String(repeating: "a", count: 70_000))\r\n\r\n", 431),
        ("HEAD / HTTP/1.1\r\nHost: test\r\nContent-Length: 99999999999\r\n\r\n", 413),
        ("HEAD / HTTP/2.0\r\nHost: test\r\n\r\n", 505), ("HEAD /slow", 408), ("HEAD / HTTP/1.1\r\nHost: te", 408),
    ])
    func `has no content in its answer if it is HEAD`(bytes: String, status: Int) async throws {
        try await withServer(limits { $0.headerMilliseconds = 50 }) { server in
            let client = try server.client()
            try await client.send(get("/one"))
            _ = try await client.response()
            try await client.send(bytes)
            let answer = try await client.response(hasBody: false)
            #expect(answer.status == status)
            #expect(answer.headers["content-length"] != "0")
            let behind = try await client.rest()
            #expect(behind == "")
        }
    }

    @Test(arguments: ["GET /\(String(repeating: "a", count: 9_000))", "HEADS /slow", "HEAD", "GET / HTTP/1.1\r\nHost: te"])
    func `has content in its answer if it is not HEAD, or was not yet, also after one`(bytes: String) async throws {
        try await withServer(limits { $0.headerMilliseconds = 50 }) { server in
            let client = try server.client()
            try await client.send("HEAD /one HTTP/1.1\r\nHost: test\r\n\r\n")
            _ = try await client.response(hasBody: false)
            try await client.send(bytes)
            #expect(try await client.response().body.hasPrefix("failure: "))
        }
    }

    @Test func `shows nothing of the header of another one`() async throws {
        try await withServer(limits { $0.headerMilliseconds = 50 }) { server in
            let client = try server.client()
            try await client.send(get("/one", "Origin: before"))
            _ = try await client.response()
            try await client.send("GET /slow")
            let answer = try await client.response()
            #expect(answer.status == 408)
            #expect(answer.headers["seen-origin"] == nil)
        }
    }

    @Test func `comes after the answers to those before it`() async throws {
        try await withServer { server in
            let answer = try await server.exchange(get("/one") + "nonsense\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.contains("/oneHTTP/1.1 400 "))
        }
    }

    @Test func `is answered though the client goes on sending`() async throws {
        try await withServer { server in
            let client = try server.client()
            try await client.send("nonsense\r\n\r\n" + String(repeating: "x", count: 100_000))
            #expect(try await client.response().status == 400)
            let nothing = try await client.rest()
            #expect(nothing == "")
            #expect(!client.wasReset)
        }
    }

    @Test func `cannot keep the server reading for ever`() async throws {
        try await withServer(limits { $0.maxLingerBytes = 10_000 }) { server in
            let client = try server.client()
            try await client.send("nonsense\r\n\r\n")
            #expect(try await client.response().status == 400)
            _ = client.sendSome([UInt8](repeating: 0, count: 20_000)[...])
            try await server.until { server.server.statistics.openConnections == 0 }
        }
    }

    @Test func `leaves blank lines before a request alone`() async throws {
        try await withServer { server in
            let client = try server.client()
            try await client.send("\r\n" + get("/one"))
            #expect(try await client.response().body == "/one")
            try await client.send("\r\n")
            try await client.send(get("/two"))
            #expect(try await client.response().body == "/two")
        }
    }
}
