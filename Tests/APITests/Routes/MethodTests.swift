import HTTPServer
import LarderTesting
import Testing

/// RFC 9110, sections 9.3.2, 9.3.7 and 15.5.6.
@Suite struct `Every route` {
    private let api = TestAPI()

    /// The patterns of all routes with their methods.
    private var methods: [String: [RequestMethod]] {
        Dictionary(grouping: api.router.routes, by: \.pattern).mapValues { $0.map(\.method) }
    }

    /// A path of the pattern: of a row that is there, if there is one.
    private func path(_ pattern: String) async throws -> String {
        guard pattern.contains("{id}") else { return pattern }
        let list = pattern.split(separator: "/").prefix(2).joined(separator: "/")
        let id = try await api.get("/\(list)").json["items"]?.elements?.first?["id"]
        switch id {
        case .integer(let id): return pattern.replacing("{id}", with: "\(id)")
        case .string(let id): return pattern.replacing("{id}", with: id)
        default: return pattern.replacing("{id}", with: "1")
        }
    }

    @Test func `answers HEAD with the fields of GET, and the content whose length is sent`() async throws {
        try await api.fill()
        let readable = methods.filter { $0.value.contains(.get) }
        #expect(readable.count > 12)
        for pattern in readable.keys {
            let path = try await path(pattern)
            let (get, head) = (try await api.get(path), try await api.send("HEAD", path))
            #expect(head.status == get.status, "\(path)")
            #expect(head.fields == get.fields, "\(path)")
            #expect(head.response.body == get.response.body, "\(path): the server counts it and leaves it out")
            if get.status == 200, path.hasPrefix("/v1/") { #expect(get["etag"] != nil, "\(path)") }
        }
    }

    @Test func `tells its methods to OPTIONS, and to a method that it does not have`() async throws {
        for (pattern, methods) in methods {
            var expected = Set(methods.map(\.name)).union(["OPTIONS"])
            if expected.contains("GET") { expected.insert("HEAD") }
            let options = try await api.send("OPTIONS", try await path(pattern))
            #expect(options.status == 204)
            #expect(Set((options["allow"] ?? "").split(separator: ", ").map(String.init)) == expected, "\(pattern)")
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"] where !expected.contains(method) {
                let answer = try await api.send(method, try await path(pattern), "{}")
                #expect(answer.status == 405, "\(method) \(pattern)")
                #expect(answer["allow"] == options["allow"])
                #expect(answer["content-type"] == "application/problem+json")
            }
        }
    }
}
