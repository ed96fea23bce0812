import LarderTesting
import Model
import Testing

@Suite struct `A failure of the store` {
    /// An API over a store that does as it is told.
    private func make(_ prepare: (StubStore) -> Void) -> (api: TestAPI, store: StubStore) {
        var stub: StubStore!
        let api = TestAPI { base in
            stub = StubStore(base)
            return stub
        }
        prepare(stub)
        return (api, stub)
    }

    private struct Secret: Error, CustomStringConvertible {
        var description: String { "SELECT password FROM users" }
    }

    @Test func `in a read is told without its reason, and reported`() async throws {
        let (api, _) = make { $0.readError = DomainError.unavailable(retryAfterSeconds: 4) }
        for path in ["/v1/products/1", "/v1/products", "/v1/products/count"] {
            let answer = try await api.get(path)
            #expect(answer.status == 503)
            #expect(answer["retry-after"] == "4")
            #expect(answer["cache-control"] == "no-store")
            #expect(answer["etag"] == nil)
        }
        #expect(api.reports.errors.count == 3)
    }

    @Test func `in a write is told without its reason, and reported`() async throws {
        let (api, store) = make { $0.writeErrors = [DomainError.unavailable(retryAfterSeconds: 1)] }
        let answer = try await api.post("/v1/categories", #"{"name": "Toys"}"#)
        #expect(answer.status == 503)
        #expect(answer["retry-after"] == "1")
        #expect(store.writes == 1)
        #expect(api.reports.errors.count == 1)
    }

    @Test func `that nobody expected is told without any of it`() async throws {
        let (api, _) = make {
            $0.readError = Secret()
            $0.writeErrors = [Secret()]
        }
        for answer in [try await api.get("/v1/products/1"), try await api.post("/v1/categories", #"{"name": "Toys"}"#)] {
            #expect(answer.status == 500)
            #expect(try answer.json["type"] == "/problems/internal")
            #expect(!answer.text.contains("SELECT") && !answer.text.contains("Secret"))
        }
        #expect(api.reports.errors.allSatisfy { $0 is Secret } && api.reports.errors.count == 2)
    }

    @Test func `to answer in time is a gateway's timeout`() async throws {
        let (api, _) = make {
            $0.readError = DomainError.deadlineExceeded
            $0.writeErrors = [DomainError.deadlineExceeded]
        }
        #expect(try await api.get("/v1/products").status == 504)
        #expect(try await api.delete("/v1/products/1").status == 504)
    }

    @Test func `of a commit with an unknown outcome says so, and is not tried again`() async throws {
        let (api, store) = make { $0.writeErrors = [CommitOutcomeUnknown()] }
        let answer = try await api.post("/v1/categories", #"{"name": "Toys"}"#)
        #expect(answer.status == 503)
        #expect(answer["retry-after"] != nil)
        #expect(try answer.json["type"] == "/problems/outcome-unknown")
        #expect(store.writes == 1)
        #expect(api.reports.errors.first is CommitOutcomeUnknown)
    }

    @Test(arguments: [0, 1, 2])
    func `by contention is tried again`(times: Int) async throws {
        let (api, store) = make { $0.writeErrors = Array(repeating: DomainError.contention, count: times) }
        #expect(try await api.post("/v1/categories", #"{"name": "Toys"}"#).status == 201)
        #expect(store.writes == times + 1)
        #expect(try await api.get("/v1/categories/count").json == ["count": 1])
    }

    @Test func `by contention that does not end is told in the end`() async throws {
        let (api, store) = make { $0.writeErrors = Array(repeating: DomainError.contention, count: 10) }
        let answer = try await api.post("/v1/categories", #"{"name": "Toys"}"#)
        #expect(answer.status == 503)
        #expect(answer["retry-after"] == "1")
        #expect(store.writes == 3)
    }

    @Test func `by too many who wait is told, and not reported`() async throws {
        let (api, _) = make { $0.readError = DomainError.overloaded(retryAfterSeconds: 1) }
        let answer = try await api.get("/v1/products")
        #expect(answer.status == 503)
        #expect(answer["retry-after"] == "1")
        #expect(api.reports.errors.isEmpty)
    }

    @Test func `is not what a client did wrong`() async throws {
        let (api, _) = make { _ in }
        for answer in [
            try await api.get("/v1/products/9"), try await api.get("/v1/products?x=1"), try await api.post("/v1/categories", "{"),
            try await api.post("/v1/categories", "{}"), try await api.delete("/v1/categories/9"),
        ] { #expect(400..<500 ~= answer.status) }
        #expect(api.reports.errors.isEmpty)
    }

    @Test func `is not there when the cache says what it did`() async throws {
        let (api, _) = make { $0.outcome = .hit(secondsLeft: 297) }
        try await api.fill()
        for path in ["/v1/products/1", "/v1/products", "/v1/products/count"] {
            let answer = try await api.get(path)
            #expect(answer["cache-status"] == "larder; hit; ttl=297")
            #expect(try await api.get(path, headers: ["If-None-Match": "*"])["cache-status"] == "larder; hit; ttl=297")
        }
        for path in ["/v1/products/9", "/v1/products/9?include=category", "/v1/customers/9/summary", "/v1/applications/9/status"]
        {
            let answer = try await api.get(path)
            #expect(answer.status == 404 && answer["cache-status"] == "larder; hit; ttl=297", "\(path)")
            #expect(answer["cache-control"] == "no-store")
        }
        for answer in [
            try await api.put("/v1/categories/9", #"{"name": "Maps"}"#), try await api.patch("/v1/categories/9", "{}"),
            try await api.delete("/v1/categories/9"),
        ] { #expect(answer.status == 404 && answer["cache-status"] == nil) }
        for answer in [
            try await api.post("/v1/categories", #"{"name": "Maps"}"#),
            try await api.put("/v1/categories/2", #"{"name": "Atlases"}"#),
            try await api.patch("/v1/categories/2", #"{"name": "Globes"}"#), try await api.delete("/v1/categories/2"),
        ] { #expect(answer.status < 300 && answer["cache-status"] == nil) }
    }
}
