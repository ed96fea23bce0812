import LarderTesting
import Model
import Testing

@testable import API

/// RFC 9111, section 5.2.1.
@Suite struct `Cache-Control of a request` {
    private func read(_ value: String) -> CacheDemand { CacheDemand(cacheControl: Array(value.utf8).span) }

    private func demand(_ change: (inout CacheDemand) -> Void) -> CacheDemand {
        var demand = CacheDemand()
        change(&demand)
        return demand
    }

    @Test(arguments: ["no-cache", "NO-CACHE", " no-cache ", "no-cache, x", "x=\"a, b\",no-cache", ",,no-cache,"])
    func `asks for the store`(value: String) {
        #expect(read(value) == demand { $0.fromStore = true })
    }

    @Test func `asks for other things`() {
        #expect(read("no-store") == demand { $0.isNotStored = true })
        #expect(read("only-if-cached") == demand { $0.onlyIfCached = true })
        #expect(read("max-stale") == demand { $0.maximumStaleness = .max })
        #expect(read("max-stale=0") == CacheDemand())
        #expect(read("max-stale=60, only-if-cached") == demand { ($0.maximumStaleness, $0.onlyIfCached) = (60_000, true) })
        #expect(read("Max-Stale=\"5\"") == demand { $0.maximumStaleness = 5_000 })
        #expect(read("max-age=0") == demand { $0.maximumAge = 0 })
        #expect(read("max-age=99999999999999999999999") == demand { $0.maximumAge = 1000 << 31 })
    }

    @Test(arguments: [("max-stale=9, max-stale=5", 5), ("max-stale, max-stale=5", 5), ("max-stale=5, max-stale", 5)])
    func `that says a thing twice means the stricter one`(value: String, seconds: Int64) {
        #expect(read(value).maximumStaleness == seconds * 1000)
    }

    @Test(arguments: [
        "", ",", "x", "no-cache=1", "no-cache=\"etag\"", "nocache", "no-cache;x", "no cache", "x=\"no-cache\"",
        "x=\"a,no-cache,b\"",
        "x=\"\\\",no-cache", "max-stale=", "max-stale=-1", "max-stale=1.5", "max-stale=abc", "max-stale= 5", "max-stale =5",
        "max-stale=\"5", "max-stale=\"\"", "max-age", "only-if-cached=1", "max-stale=5s", "private", "min-fresh=5",
    ])
    func `that is malformed or unknown is ignored`(value: String) {
        #expect(read(value) == CacheDemand())
    }

    @Test func `is read without a crash, whatever it is`() {
        let parts = ["no-cache", "max-stale", "=", ",", ";", "\"", "\\", " ", "\t", "5", "q=", "é"]
        for _ in 0..<20_000 {
            _ = read((0..<Int.random(in: 0...8)).map { _ in parts.randomElement()! }.joined())
        }
    }

    @Test(arguments: ["/v1/categories/1", "/v1/categories", "/v1/categories/count"])
    func `reaches every read`(target: String) async throws {
        var store: StubStore?
        let api = TestAPI { base in
            store = StubStore(base)
            return store!
        }
        try await api.fill()
        _ = try await api.get(target)
        _ = try await api.get(target, headers: ["Cache-Control": "max-stale=3", "Cache-Control": "no-cache"])
        #expect(store?.demands == [CacheDemand(), demand { ($0.fromStore, $0.maximumStaleness) = (true, 3_000) }])
    }

    @Test func `that the cache cannot fulfil is a problem`() async throws {
        let api = TestAPI { base in
            let store = StubStore(base)
            store.readError = DomainError.notCached
            return store
        }
        let answer = try await api.get("/v1/categories", headers: ["Cache-Control": "only-if-cached"])
        #expect(answer.status == 504)
        #expect(try answer.json["type"] == "/problems/not-cached")
    }
}
