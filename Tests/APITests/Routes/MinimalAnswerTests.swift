import LarderTesting
import Testing

@Suite struct `A client to whom it is enough that a write was made` {
    private let api = TestAPI()

    private let minimal: KeyValuePairs = ["Prefer": "return=minimal"]

    @Test(arguments: ResourceSample.all)
    func `is not sent the row`(sample: ResourceSample) async throws {
        try await api.fill()
        let created = try await api.post(sample.path, sample.body, headers: minimal)
        #expect(created.status == 201)
        #expect(created["location"] == sample.rowPath)
        try await expectNoRow(created, sample.rowPath)
        #expect(try await api.get(sample.rowPath).json.withoutTimes == sample.created)

        let replaced = try await api.put(sample.rowPath, sample.other, headers: minimal)
        #expect(replaced.status == 204)
        try await expectNoRow(replaced, sample.rowPath)
        #expect(try await api.get(sample.rowPath).json.withoutTimes == sample.replaced)

        let patched = try await api.patch(sample.rowPath, sample.patch, headers: minimal)
        #expect(patched.status == 204)
        try await expectNoRow(patched, sample.rowPath)
    }

    /// Expects an answer without content, but with the tag that the row has now.
    private func expectNoRow(_ answer: Answer, _ path: String) async throws {
        #expect(answer.text.isEmpty)
        // A 201 could have content; this one's is none, as the description says.
        #expect(answer["content-type"] == (answer.status == 201 ? "application/octet-stream" : nil))
        #expect(answer["cache-control"] == "no-store")
        #expect(answer["preference-applied"] == "return=minimal")
        #expect(try await api.get(path)["etag"] == answer["etag"])
    }

    @Test func `is told what is wrong as everybody is`() async throws {
        try await api.fill()
        let answer = try await api.post("/v1/products", "{}", headers: minimal)
        #expect(answer.status == 422)
        #expect(answer["preference-applied"] == nil)
        #expect(try !answer.pointers.isEmpty)
    }

    @Test func `reads as everybody does`() async throws {
        try await api.fill()
        let answer = try await api.get("/v1/products/1", headers: minimal)
        #expect(answer.status == 200 && answer["preference-applied"] == nil)
        #expect(try answer.json["id"] == 1)
    }

    @Test func `is another than one who wants the row`() async throws {
        try await api.fill()
        let answer = try await api.patch(
            "/v1/products/1", #"{"stock": 1}"#, headers: ["Prefer": "return=representation"])
        #expect(answer.status == 200 && answer["preference-applied"] == nil)
        #expect(try answer.json["stock"] == 1)
    }
}
