import LarderTesting
import Testing

@testable import API

/// draft-ietf-httpapi-idempotency-key-header.
@Suite struct `A request with an Idempotency-Key` {
    private let api = TestAPI()
    private let key: KeyValuePairs = ["Idempotency-Key": "\"8e03978e-40d5\""]

    private func expectReplay(of first: Answer, _ answer: Answer, sourceLocation: SourceLocation = #_sourceLocation) {
        var fields = answer.fields
        #expect(fields.removeValue(forKey: "idempotency-replayed") == "true", sourceLocation: sourceLocation)
        #expect(fields == first.fields, sourceLocation: sourceLocation)
        #expect(answer.status == first.status && answer.text == first.text, sourceLocation: sourceLocation)
    }

    @Test(arguments: ResourceSample.all)
    func `has one effect and one answer`(sample: ResourceSample) async throws {
        try await api.fill()
        let count = try await api.get(sample.path + "/count").json["count"]
        let first = try await api.post(sample.path, sample.body, headers: key)
        #expect(first.status == 201 && first["idempotency-replayed"] == nil)
        #expect(first["location"] == sample.rowPath)
        // The row goes on; the answer stays.
        #expect(try await api.patch(sample.rowPath, sample.patch).status == 200)
        expectReplay(of: first, try await api.post(sample.path, sample.body, headers: key))
        #expect(try await api.delete(sample.rowPath).status == 204)
        expectReplay(of: first, try await api.post(sample.path, sample.body, headers: key))
        #expect(try await api.get(sample.path + "/count").json["count"] == count)
    }

    @Test func `may be for an array, and for a short answer`() async throws {
        let body = #"[{"name": "a"}, {"name": "b"}]"#
        let headers: KeyValuePairs = ["Idempotency-Key": "k", "Prefer": "return=minimal"]
        let first = try await api.post("/v1/categories", body, headers: headers)
        #expect(first.status == 201 && first.text.isEmpty)
        expectReplay(of: first, try await api.post("/v1/categories", body, headers: headers))
        #expect(try await api.get("/v1/categories/count").json == ["count": 2])
    }

    @Test func `places an order once`() async throws {
        try await api.fill()
        let body = #"{"order_date": "2026-03-01", "customer_id": 1, "lines": [{"product_id": 1, "quantity": 3}]}"#
        let first = try await api.post("/v1/orders", body, headers: key)
        expectReplay(of: first, try await api.post("/v1/orders", body, headers: key))
        #expect(try await api.get("/v1/products/1").json["stock"] == 2)
    }

    @Test func `is refused when the key was for another`() async throws {
        #expect(try await api.post("/v1/categories", #"{"name": "a"}"#, headers: key).status == 201)
        for (path, body) in [("/v1/categories", #"{"name": "b"}"#), ("/v1/categories", #"{"name":"a"}"#)] {
            let answer = try await api.post(path, body, headers: key)
            #expect(answer.status == 422)
            #expect(try answer.json["type"] == "/problems/key-reused")
        }
        #expect(try await api.get("/v1/categories/count").json == ["count": 1])
    }

    @Test func `that failed may be tried again`() async throws {
        let body = Shop.product("Kite")
        #expect(try await api.post("/v1/products", body, headers: key).status == 409)
        try await api.create("categories", #"{"name": "Toys"}"#)
        #expect(try await api.post("/v1/products", "{}", headers: key).status == 422)
        let answer = try await api.post("/v1/products", body, headers: key)
        #expect(answer.status == 201 && answer["idempotency-replayed"] == nil)
    }

    @Test(arguments: [
        "", "\"\"", "\"", "a b", "a,b", "a\"b", "\"a\\\"b\"", "\"a\";x=1", "a;x=1", "caf\u{E9}",
        String(repeating: "k", count: 256),
    ])
    func `is refused when the key is none`(value: String) async throws {
        let answer = try await api.post("/v1/categories", #"{"name": "a"}"#, headers: ["Idempotency-Key": value])
        #expect(answer.status == 400)
        #expect(try answer.json["detail"]?.text?.hasPrefix("Idempotency-Key ") == true)
        #expect(try await api.get("/v1/categories/count").json == ["count": 0])
    }

    @Test func `has the same key with quotes and without`() async throws {
        let name = String(repeating: "k", count: 255)
        #expect(try await api.post("/v1/categories", #"{"name": "a"}"#, headers: ["Idempotency-Key": name]).status == 201)
        let answer = try await api.post("/v1/categories", #"{"name": "a"}"#, headers: ["idempotency-key": "\"\(name)\""])
        #expect(answer.status == 201 && answer["idempotency-replayed"] == "true")
    }

    @Test func `has one key`() async throws {
        let headers: KeyValuePairs = ["Idempotency-Key": "a", "idempotency-key": "b"]
        #expect(try await api.post("/v1/categories", #"{"name": "a"}"#, headers: headers).status == 400)
    }

    @Test func `needs it for POST alone`() async throws {
        try await api.create("categories", #"{"name": "a"}"#)
        for name in ["b", "c"] {
            let answer = try await api.patch("/v1/categories/1", "{\"name\": \"\(name)\"}", headers: key)
            #expect(answer.status == 200)
        }
    }
}
