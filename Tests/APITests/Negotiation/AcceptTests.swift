import LarderTesting
import Testing

@testable import API

/// RFC 9110, section 12.5.1.
@Suite struct `Accept` {
    private static let accepting = [
        "*/*", "application/json", "application/*", "APPLICATION/JSON", "text/html, */*;q=0.1", "application/json;q=0.001",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*/*;q=0, application/json",
        "application/*;q=0, application/json;q=1.000", "application/json; charset=utf-8",
        "application/json;q=0, application/json",
        "text/html;level=\"a,b\";q=0.2, application/json ; Q=0.5", "", ",", "json", "application/json;q=2, x",
    ]
    private static let refusing = [
        "text/html", "application/xml", "application/json;q=0", "application/json;q=0.000", "*/*;q=0", "application/*;q=0",
        "*/*, application/json;q=0", "application/*, application/json;q=0.0", "*/*, application/*;q=0",
        "application/problem+json", "application/jsonx", "text/html, application/json;q=x", "x=\"application/json\", text/html",
    ]

    private func accepts(_ value: String) -> Bool { MediaRanges.acceptJSON(Array(value.utf8).span) }

    @Test(arguments: accepting)
    func `lets JSON in`(value: String) { #expect(accepts(value)) }

    @Test(arguments: refusing)
    func `leaves JSON out`(value: String) { #expect(!accepts(value)) }

    @Test(arguments: [
        ("GET", "/v1/categories/1"), ("HEAD", "/v1/categories/1"), ("GET", "/v1/categories"), ("GET", "/v1/categories/count"),
        ("GET", "/v1/customers/1/summary"), ("POST", "/v1/categories"), ("PUT", "/v1/categories/1"),
        ("PATCH", "/v1/categories/1"),
    ])
    func `that leaves JSON out gets a problem, and nothing is done`(method: String, target: String) async throws {
        let api = TestAPI()
        try await api.fill()
        let body = ["GET", "HEAD"].contains(method) ? nil : #"{"name": "Maps"}"#
        let answer = try await api.send(method, target, body, headers: ["Accept": "text/html"])
        #expect(answer.status == 406)
        #expect(answer["content-type"] == "application/problem+json")
        #expect(try answer.json["type"] == "/problems/not-acceptable")
        #expect(try await api.get("/v1/categories/count").json["count"] == 1)
        #expect(try await api.get("/v1/categories/1").json["name"] == "Toys")
    }

    @Test func `does not matter where no content is sent`() async throws {
        let api = TestAPI()
        try await api.create("categories", #"{"name": "Toys"}"#)
        #expect(try await api.send("OPTIONS", "/v1/categories", headers: ["Accept": "text/html"]).status == 204)
        #expect(try await api.delete("/v1/categories/1", headers: ["Accept": "text/html"]).status == 204)
    }

    @Test func `of several lines is one list`() async throws {
        let api = TestAPI()
        let headers: KeyValuePairs = ["Accept": "text/html", "Accept": "application/json"]
        #expect(try await api.get("/v1/categories", headers: headers).status == 200)
    }
}
