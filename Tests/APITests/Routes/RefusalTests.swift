import HTTPServer
import LarderTesting
import Testing

@Suite struct `A request that the API cannot take` {
    private let api = TestAPI()

    @Test(arguments: [
        "/", "/v1", "/v1/", "/v2/products", "/v1/categorie", "/v1/categories/", "/v1/Categories", "//v1/categories",
        "/v1/categories/1/",
        "/v1/categories/1/summary", "/v1/customers/1/orders", "/v1/order_lines", "/v1/%43ategories",
    ])
    func `is for nothing at an unknown path`(path: String) async throws {
        for method in ["GET", "POST", "DELETE", "OPTIONS"] {
            let answer = try await api.send(method, path)
            #expect(answer.status == 404)
            #expect(answer["content-type"] == "application/problem+json")
        }
    }

    @Test(arguments: [
        ("POST", "/v1/categories/1", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"),
        ("PUT", "/v1/categories", "GET, HEAD, POST, PATCH, OPTIONS"),
        ("DELETE", "/v1/categories", "GET, HEAD, POST, PATCH, OPTIONS"),
        ("DELETE", "/v1/categories/count", "GET, HEAD, OPTIONS"), ("PUT", "/v1/categories/count", "GET, HEAD, OPTIONS"),
        ("TRACE", "/v1/categories", "GET, HEAD, POST, PATCH, OPTIONS"),
        ("QUERY", "/v1/categories", "GET, HEAD, POST, PATCH, OPTIONS"),
        ("BREW", "/v1/categories", "GET, HEAD, POST, PATCH, OPTIONS"),
        ("get", "/v1/categories", "GET, HEAD, POST, PATCH, OPTIONS"),
    ])
    func `hears which methods a path has`(method: String, path: String, allow: String) async throws {
        let answer = try await api.send(method, path)
        #expect(answer.status == 405)
        #expect(answer["allow"] == allow)
        #expect(answer["content-type"] == "application/problem+json")
        let options = try await api.send("OPTIONS", path)
        #expect(options.status == 204)
        #expect(options["allow"] == allow)
        #expect(options["cache-control"] == "no-store")
    }

    @Test(arguments: [
        ("POST", "/v1/categories"), ("PUT", "/v1/categories/1"), ("PATCH", "/v1/categories/1"), ("PATCH", "/v1/categories"),
    ])
    func `has to announce its body`(method: String, path: String) async throws {
        let answer = try await api.send(method, path)
        #expect(answer.status == 411)
        #expect(try answer.json["type"] == "/problems/length-required")
    }

    @Test(arguments: [
        ("POST", "/v1/categories"), ("PUT", "/v1/categories/1"), ("PATCH", "/v1/categories/1"), ("POST", "/v1/orders"),
    ])
    func `has to have JSON`(method: String, path: String) async throws {
        try await api.create("categories", #"{"name": "Toys"}"#)
        for body in ["", "name=Toys", "{", #"{"name": "a"} x"#, #"{"name": "a",}"#, #"{"name": "a", "name": "b"}"#] {
            let answer = try await api.send(method, path, body)
            #expect(answer.status == 400, "\(body)")
            #expect(try answer.json["detail"]?.text?.hasPrefix("The body is not JSON: ") == true)
        }
        for body in ["[]", "null", "7", #""text""#] {
            let answer = try await api.send(method, path, body)
            #expect(answer.status == 422, "\(body)")
            #expect(try answer.pointers == [""])
        }
    }

    @Test(arguments: [
        "application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8", "APPLICATION/JSON",
        "application/json ;x=y",
        "application/json;",
    ])
    func `may have a body of type JSON`(type: String) async throws {
        #expect(try await api.post("/v1/categories", #"{"name": "Toys"}"#, headers: ["Content-Type": type]).status == 201)
        #expect(try await api.put("/v1/categories/1", #"{"name": "Maps"}"#, headers: ["Content-Type": type]).status == 200)
        #expect(try await api.patch("/v1/categories/1", #"{"name": "Books"}"#, headers: ["Content-Type": type]).status == 200)
    }

    @Test(arguments: [
        "text/plain", "text/json", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/jsonx", "application/json, text/plain", "application/json-patch+json", "application/vnd.api+json", "json",
        "*/*", "x",
    ])
    func `may not have a body of another type`(type: String) async throws {
        try await api.create("categories", #"{"name": "Toys"}"#)
        for (method, path) in [("POST", "/v1/categories"), ("PUT", "/v1/categories/1"), ("PATCH", "/v1/categories/1")] {
            let answer = try await api.send(method, path, #"{"name": "Maps"}"#, headers: ["Content-Type": type])
            #expect(answer.status == 415)
            #expect(try answer.json["detail"]?.text?.contains(type) == true)
            #expect(answer["accept-post"] == (method == "POST" ? "application/json" : nil))
            // RFC 5789 section 3.1.
            #expect(answer["accept-patch"] == (method == "PATCH" ? "application/merge-patch+json, application/json" : nil))
        }
    }

    @Test(arguments: ["", ";", ";;", " ; "])
    func `may not have a body of an empty type`(type: String) async throws {
        let answer = try await api.post("/v1/categories", #"{"name": "Toys"}"#, headers: ["Content-Type": type])
        #expect(answer.status == 415)
    }

    @Test func `may have a merge patch only to patch`() async throws {
        try await api.create("categories", #"{"name": "Toys"}"#)
        let type = "application/merge-patch+json"
        #expect(try await api.patch("/v1/categories/1", #"{"name": "Maps"}"#, headers: ["Content-Type": type]).status == 200)
        #expect(try await api.put("/v1/categories/1", #"{"name": "Maps"}"#, headers: ["Content-Type": type]).status == 415)
        #expect(try await api.post("/v1/categories", #"{"name": "New"}"#, headers: ["Content-Type": type]).status == 415)
    }

    @Test(arguments: [
        ("GET", "/v1/categories/1"), ("HEAD", "/v1/categories/1"), ("PUT", "/v1/categories/1"), ("PATCH", "/v1/categories/1"),
        ("DELETE", "/v1/categories/1"),
    ])
    func `knows no parameters beside those of lists`(method: String, path: String) async throws {
        try await api.create("categories", #"{"name": "Toys"}"#)
        let body = method == "PUT" || method == "PATCH" ? #"{"name": "Maps"}"# : nil
        let answer = try await api.send(method, path + "?x=1&limit=2", body)
        #expect(answer.status == 400)
        #expect(try answer.pointers == ["/x", "/limit"])
        #expect(try await api.get(path).json["name"] == "Toys")
        #expect(try await api.send(method, path + "?", body).status < 300)
    }

    @Test(arguments: ["categories", "orders"])
    func `knows no parameters when it makes a row`(resource: String) async throws {
        try await api.fill()
        let body = resource == "orders" ? Shop.order() : #"{"name": "Maps"}"#
        let answer = try await api.post("/v1/\(resource)?x=1", body)
        #expect(answer.status == 400)
        #expect(try answer.pointers == ["/x"])
    }

    @Test func `may have a body that nobody asked for`() async throws {
        try await api.create("categories", #"{"name": "Toys"}"#)
        #expect(try await api.send("GET", "/v1/categories/1", "x").status == 200)
        #expect(try await api.send("DELETE", "/v1/categories/1", "x").status == 204)
    }

    @Test func `hears when its body is too long`() async throws {
        let body = "{\"name\": \"\(String(repeating: "x", count: 200))\"}"
        let bytes = "POST /v1/categories HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        var limits = RequestParser.Limits()
        limits.maxBody = body.utf8.count
        #expect(try await status(of: bytes, limits) == 422)
        limits.maxBody -= 1
        let chunked =
            "POST /v1/categories HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
        #expect(try await status(of: chunked, limits) == 413)
    }

    @Test func `may have a body in chunks`() async throws {
        let chunks =
            "POST /v1/categories HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"name\":\r\n7\r\n \"Toys\"\r\n1\r\n}\r\n0\r\n\r\n"
        #expect(try await status(of: chunks, RequestParser.Limits()) == 201)
        #expect(try await api.get("/v1/categories/1").json["name"] == "Toys")
        let broken = chunks.replacing("8\r\n", with: "x\r\n")
        #expect(try await status(of: broken, RequestParser.Limits()) == 400)
    }

    private func status(of bytes: String, _ limits: RequestParser.Limits) async throws -> Int {
        Answer(await api.router.respond(to: try Request(parsing: Array(bytes.utf8), limits: limits))).status
    }
}
