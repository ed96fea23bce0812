import HTTPServer
import Testing

/// A router whose handlers answer with their pattern and the decoded parameters.
private func router(_ routes: (RequestMethod, String)...) -> Router {
    let router = Router { status, detail in Response(Status(status), body: Array(detail.utf8)) }
    for (method, pattern) in routes {
        router.on(method, pattern) { request, parameters in
            let values = (0..<parameters.count).map { parameters[$0] ?? "invalid" }
            return Response(.ok, body: Array(([pattern] + values).joined(separator: " ").utf8))
        }
    }
    return router
}

private func answer(
    _ router: Router, _ method: String, _ path: String
) async throws -> (status: Int, allow: String?, body: String) {
    let request = try Request(parsing: Array("\(method) \(path) HTTP/1.1\r\nHost: test\r\n\r\n".utf8))
    let response = await router.respond(to: request)
    let fields = String(decoding: response.fields.bytes, as: UTF8.self)
    let allow = fields.split(separator: "\r\n").first { $0.hasPrefix("Allow: ") }?.dropFirst(7)
    return (Int(response.status.code), allow.map(String.init), String(decoding: response.body, as: UTF8.self))
}

@Suite struct `A router` {
    @Test func `finds the route of a path and its parameters`() async throws {
        let router = router(
            (.get, "/"), (.get, "/v1/products"), (.get, "/v1/products/{id}"), (.get, "/v1/products/count"),
            (.get, "/v1/{resource}/{id}/parts/{part}"), (.post, "/v1/products"))
        for (path, body) in [
            "/": "/",
            "/v1/products": "/v1/products",
            "/v1/products?limit=1": "/v1/products",
            "/v1/products/12": "/v1/products/{id} 12",
            "/v1/products/count": "/v1/products/count",
            "/v1/products/a%20b%2Fc": "/v1/products/{id} a b/c",
            "/v1/products/%ff": "/v1/products/{id} invalid",
            "/v1/a/b/parts/c": "/v1/{resource}/{id}/parts/{part} a b c",
            "/%761/%70rod%75cts": "/v1/products",
            "/v1/products/%63%6f%75%6E%74": "/v1/products/count",
            "/v1/products/coun%74s": "/v1/products/{id} counts",
            "/v1/products/coun%2574": "/v1/products/{id} coun%74",
            // The literals of one pattern lead nowhere, the parameters of another do.
            "/v1/products/count/parts/c": "/v1/{resource}/{id}/parts/{part} products count c",
        ] {
            let answer = try await answer(router, "GET", path)
            #expect(answer.status == 200, "\(path)")
            #expect(answer.body == body)
        }
        #expect(try await answer(router, "POST", "/v1/products").status == 200)
    }

    @Test(arguments: [
        "/v2", "/v1/", "/v1/products/", "/v1/products//", "/v1//products", "/v1/products/1/", "/v1/products/1/2", "//v1/products",
        "/V1/products", "/v1/product", "/v1/productss", "/v1%2Fproducts", "/v1/%50roducts", "/v1/product%73s",
    ])
    func `knows no other paths`(path: String) async throws {
        let router = router((.get, "/v1/products"), (.get, "/v1/products/{id}"))
        #expect(try await answer(router, "GET", path).status == 404)
    }

    @Test func `answers HEAD with the handler of GET unless it has its own`() async throws {
        let router = router((.get, "/a/{x}"), (.get, "/b"), (.head, "/b"), (.post, "/c"))
        #expect(try await answer(router, "HEAD", "/a/1").body == "/a/{x} 1")
        #expect(try await answer(router, "HEAD", "/b").status == 200)
        #expect(try await answer(router, "HEAD", "/c").status == 405)
    }

    @Test func `answers OPTIONS with what is allowed`() async throws {
        let router = router((.get, "/a"), (.delete, "/a"), (.post, "/b"), (.options, "/c"))
        #expect(try await answer(router, "OPTIONS", "/a") == (204, "GET, HEAD, DELETE, OPTIONS", ""))
        #expect(try await answer(router, "OPTIONS", "/b").allow == "POST, OPTIONS")
        #expect(try await answer(router, "OPTIONS", "*") == (204, "GET, HEAD, POST, DELETE, OPTIONS", ""))
        #expect(try await answer(router, "OPTIONS", "/c").body == "/c")
        #expect(try await answer(router, "OPTIONS", "/d").status == 404)
    }

    @Test(arguments: ["PUT", "PATCH", "DELETE", "TRACE", "QUERY", "BREW", "get"])
    func `has 405 for a method that a path does not have`(method: String) async throws {
        let router = router((.get, "/a"), (.post, "/a"))
        let answer = try await answer(router, method, "/a")
        #expect(answer.status == 405)
        #expect(answer.allow == "GET, HEAD, POST, OPTIONS")
    }

    @Test func `has 501 for an unknown method at an unknown path`() async throws {
        let router = router((.get, "/a"))
        #expect(try await answer(router, "BREW", "/b").status == 501)
        #expect(try await answer(router, "PUT", "/b").status == 404)
    }

    @Test func `tells its routes and which one matched`() async throws {
        let router = router((.get, "/a"), (.put, "/a"), (.get, "/b/{id}"))
        #expect(router.routes.map(\.method) == [.get, .put, .get])
        #expect(router.routes.map(\.pattern) == ["/a", "/a", "/b/{id}"])
        for (text, route) in [("GET /b/1", 2), ("PUT /a", 1), ("HEAD /a", 0), ("PUT /b/1", -1), ("GET /c", -1)] {
            let request = try Request(parsing: Array("\(text) HTTP/1.1\r\nHost: test\r\n\r\n".utf8))
            _ = await router.respond(to: request)
            #expect(request.route == route, "\(text)")
        }
    }

    @Test func `reads decimal parameters`() async throws {
        let router = Router { status, _ in Response(Status(status)) }
        router.on(.get, "/{id}") { _, parameters in
            Response(.ok, body: Array(parameters.integer(0).map(String.init)?.utf8 ?? "none".utf8))
        }
        for (text, number) in [
            "0": "0", "12": "12", "9223372036854775807": "9223372036854775807", "9223372036854775808": "none", "007": "none",
            "-1": "none", "+1": "none", "1a": "none", "%31": "none", "12345678901234567890": "none",
        ] {
            #expect(try await answer(router, "GET", "/\(text)").body == number, "\(text)")
        }
    }
}

@Suite struct `A request` {
    private func request(_ target: String, _ fields: String...) throws -> Request {
        let lines = ["GET \(target) HTTP/1.1", "Host: test:80"] + fields + ["", ""]
        return try Request(parsing: Array(lines.joined(separator: "\r\n").utf8))
    }

    @Test func `tells its parts`() async throws {
        let request = try request("/a%20b?c=d", "Accept: text/html")
        #expect(request.method == .get)
        #expect(request.methodName == "GET")
        #expect(request.path == "/a%20b")
        #expect(request.query == "c=d")
        #expect(request.hasQuery)
        #expect(request.authority == "test:80")
        #expect(request.withPath { $0.count } == 6)
        #expect(!request.hasBody)
        #expect(try await request.body() == [])
    }

    @Test func `decodes its query`() throws {
        let items = try request("/?a=1&b%5Bgte%5D=x+y&a=%C3%A4&&flag&=v").queryItems()
        #expect(items.map(\.name) == ["a", "b[gte]", "a", "flag", ""])
        #expect(items.map(\.value) == ["1", "x y", "ä", "", "v"])
        #expect(try request("/").queryItems().isEmpty)
        #expect(try !request("/?").hasQuery)
        #expect(throws: BadRequest.self) { try request("/?a=%ff").queryItems() }
    }

    /// RFC 3986, section 2.2: a delimiter that is encoded is data.
    @Test(arguments: [
        ("a=Doe%2C%20Jane", ["Doe, Jane"]), ("a=Doe%2c+Jane,b,%2C", ["Doe, Jane", "b", ","]), ("a=,%2C,", ["", ",", ""]),
        ("a=b,c", nil), ("a=", nil), ("a", nil), ("a=%252C", nil), ("a%2Cb=c,d", nil), ("a=%2B,c", nil),
    ])
    func `knows which commas of a value divide it`(query: String, list: [String]?) throws {
        #expect(try request("/?\(query)").queryItems()[0].list == list)
    }

    @Test func `finds its header fields without regard to case and joins their lines`() throws {
        let request = try request("/", "accept: a", "X-One: 1", "ACCEPT: b", "Empty:", "Accept: c")
        #expect(request.header("accept") == "a, b, c")
        #expect(request.header("x-one") == "1")
        #expect(request.header("empty") == "")
        #expect(request.header("missing") == nil)
        #expect(request.hasHeader("x-one"))
        #expect(!request.hasHeader("x-two"))
        #expect(request.header("x-one", equals: "1"))
        #expect(!request.header("x-one", equals: "2"))
        #expect(!request.header("accept", equals: "a"))
        #expect(request.withHeader("accept") { $0.count } == 7)
        #expect(request.withHeader("x-one") { $0[0] } == UInt8(ascii: "1"))
        #expect(request.withHeader("missing") { $0.count } == nil)
    }

    @Test func `that the server would refuse cannot be made`() {
        #expect(throws: ParseFailure.malformedTarget) { try request("/#") }
    }
}
