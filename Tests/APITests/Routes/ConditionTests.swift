import HTTPServer
import LarderTesting
import Testing

/// RFC 9110, section 13.
@Suite struct `A conditional request` {
    private let api = TestAPI()
    private let path = "/v1/categories/1"

    /// - Returns: the tag of category 1.
    private func fill() async throws -> String {
        try await api.fill()
        return try #require(try await api.get(path)["etag"])
    }

    @Test func `is answered without what the client has`() async throws {
        let tag = try await fill()
        for list in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
            for method in ["GET", "HEAD"] {
                let answer = try await api.send(method, path, headers: ["If-None-Match": list])
                #expect(answer.status == 304, "\(list)")
                #expect(answer["etag"] == tag)
                #expect(answer["cache-control"] == "private, no-cache")
                #expect(answer["content-type"] == nil)
                #expect(answer.response.body.isEmpty)
            }
        }
    }

    @Test func `is answered with what the client does not have`() async throws {
        let tag = try await fill()
        for list in ["\"x\"", String(tag.dropFirst().dropLast()), String(tag.dropLast())] {
            #expect(try await api.get(path, headers: ["If-None-Match": list]).status == 200, "\(list)")
        }
    }

    @Test(arguments: ["/v1/categories", "/v1/categories?limit=1", "/v1/categories/count", "/v1/customers/1/summary"])
    func `may be for anything that has a tag`(target: String) async throws {
        _ = try await fill()
        let tag = try #require(try await api.get(target)["etag"])
        #expect(try await api.get(target, headers: ["If-None-Match": tag]).status == 304)
    }

    @Test func `with an old tag is answered anew after a write`() async throws {
        let tag = try await fill()
        let list = try #require(try await api.get("/v1/categories")["etag"])
        let written = try await api.patch(path, #"{"name": "Games"}"#)
        let answer = try await api.get(path, headers: ["If-None-Match": tag])
        #expect(answer.status == 200)
        #expect(answer["etag"] == written["etag"])
        #expect(try answer.json["name"] == "Games")
        #expect(try await api.get("/v1/categories", headers: ["If-None-Match": list]).status == 200)
    }

    @Test func `for what is not there is answered as any other`() async throws {
        let tag = try await fill()
        for value in ["*", tag] {
            #expect(try await api.get("/v1/categories/9", headers: ["If-None-Match": value]).status == 404)
            for method in ["PUT", "PATCH"] {
                let answer = try await api.send(method, "/v1/categories/9", #"{"name": "a"}"#, headers: ["If-Match": value])
                #expect(answer.status == 404)
            }
            #expect(try await api.delete("/v1/categories/9", headers: ["If-Match": value]).status == 404)
        }
    }

    @Test(arguments: ["PUT", "PATCH", "DELETE"])
    func `writes when the tag is that of the row`(method: String) async throws {
        let tag = try await fill()
        let path = method == "DELETE" ? "/v1/products/2" : path
        let tags = method == "DELETE" ? try #require(try await api.get(path)["etag"]) : tag
        let body = method == "DELETE" ? nil : #"{"name": "Games"}"#
        let answer = try await api.send(method, path, body, headers: ["If-Match": "\"x\", \(tags)"])
        #expect(answer.status == (method == "DELETE" ? 204 : 200))
    }

    @Test(arguments: ["PUT", "PATCH", "DELETE"])
    func `writes when any row will do`(method: String) async throws {
        _ = try await fill()
        let path = method == "DELETE" ? "/v1/products/2" : path
        let body = method == "DELETE" ? nil : #"{"name": "Games"}"#
        let answer = try await api.send(method, path, body, headers: ["If-Match": "*"])
        #expect(answer.status == (method == "DELETE" ? 204 : 200))
    }

    @Test(arguments: ["PUT", "PATCH", "DELETE"])
    func `does not write when the row is another, or the tag is weak or malformed`(method: String) async throws {
        let tag = try await fill()
        let body = method == "DELETE" ? nil : #"{"name": "Games"}"#
        for list in ["\"x\"", "W/\(tag)", String(tag.dropFirst().dropLast()), "", "\"x\", W/\(tag)"] {
            let answer = try await api.send(method, path, body, headers: ["If-Match": list])
            #expect(answer.status == 412, "\(list)")
            #expect(answer["content-type"] == "application/problem+json")
        }
        #expect(try await api.get(path)["etag"] == tag)
    }

    @Test func `of two writers with one tag lets the first one write`() async throws {
        let tag = try await fill()
        #expect(try await api.patch(path, #"{"name": "First"}"#, headers: ["If-Match": tag]).status == 200)
        #expect(try await api.patch(path, #"{"name": "Second"}"#, headers: ["If-Match": tag]).status == 412)
        #expect(try await api.get(path).json["name"] == "First")
    }

    @Test func `is held against the row before its content is`() async throws {
        _ = try await fill()
        #expect(try await api.patch(path, #"{"name": 1}"#, headers: ["If-Match": "\"x\""]).status == 412)
        #expect(try await api.patch(path, "{", headers: ["If-Match": "\"x\""]).status == 400)
    }

    @Test(arguments: ["PUT", "PATCH", "DELETE"])
    func `that needs the row to be unknown does not write a row that is there`(method: String) async throws {
        let tag = try await fill()
        let body = method == "DELETE" ? nil : #"{"name": "Games"}"#
        for list in ["*", tag, "W/\(tag)"] {
            let answer = try await api.send(method, path, body, headers: ["If-None-Match": list])
            #expect(answer.status == 412, "\(list)")
        }
        #expect(try await api.get(path)["etag"] == tag)
    }

    @Test func `that needs the row to be another writes when it is`() async throws {
        let tag = try await fill()
        let headers: KeyValuePairs = ["If-Match": tag, "If-None-Match": "\"x\""]
        #expect(try await api.patch(path, #"{"name": "Games"}"#, headers: headers).status == 200)
        #expect(try await api.delete("/v1/categories/9", headers: ["If-None-Match": "*"]).status == 404)
    }
}
