import API
import Domain
import HTTPServer
import LarderTesting
import Metrics
import Model
import Testing

@Suite struct `The admin listener` {
    /// What the service would do, written down.
    private final class FakeOperations: Operations {
        var hangsNow: [String] = []
        var obstaclesNow: [String] = []
        var doubtsNow: [String] = []
        var error: (any Error)?
        var statistics: [(name: String, value: Int64)] = []
        private(set) var invalidated: [[Model.Tag]] = []
        private(set) var clears = 0

        struct Failure: Error {}

        func hangs() async -> [String] { hangsNow }

        func obstacles() async -> [String] { obstaclesNow }

        func doubts() async -> [String] { doubtsNow }

        func metrics() async -> [Metric] {
            var metrics = [Metric("a", .gauge, "A."), Metric("b", .counter, "B."), Metric("unused", .gauge, "U.")]
            metrics[0].add(1)
            metrics[1].add(2, ["x": "y"])
            return metrics
        }

        func cacheStatistics() async throws -> [(name: String, value: Int64)] {
            if let error { throw error }
            return statistics
        }

        func invalidate(_ tags: [Model.Tag]) async throws {
            if let error { throw error }
            invalidated.append(tags)
        }

        func clearCache() async throws {
            if let error { throw error }
            clears += 1
        }
    }

    private let operations = FakeOperations()

    private func send(_ method: String, _ path: String, _ body: String? = nil) async throws -> Answer {
        Answer(await AdminAPI.router(operations, declarations).respond(to: try Request(method, path, body)))
    }

    @Test func `says that the process lives, whatever is in the way`() async throws {
        operations.obstaclesNow = ["the store cannot be reached"]
        let answer = try await send("GET", "/livez")
        #expect(answer.status == 200)
        #expect(answer.text == "ok\n")
        #expect(answer["cache-control"] == "no-store")
    }

    @Test func `says what hangs, so that the process is started again`() async throws {
        operations.hangsNow = ["worker 2 of 4 does not answer"]
        let answer = try await send("GET", "/livez")
        #expect(answer.status == 503)
        #expect(answer.text == "worker 2 of 4 does not answer\n")
        #expect(answer["cache-control"] == "no-store")
    }

    @Test func `says that the service is ready`() async throws {
        let answer = try await send("GET", "/readyz")
        #expect(answer.status == 200)
        #expect(answer.text == "ok\n")
    }

    @Test func `says what operators should look at though the service is ready`() async throws {
        operations.doubtsNow = ["table products has no trigger"]
        let answer = try await send("GET", "/readyz")
        #expect(answer.status == 200)
        #expect(answer.text == "ok\nwarning: table products has no trigger\n")
    }

    @Test func `says why the service is not ready`() async throws {
        operations.obstaclesNow = ["the store cannot be reached", "2 migrations are pending"]
        let answer = try await send("GET", "/readyz")
        #expect(answer.status == 503)
        #expect(answer.text == "the store cannot be reached\n2 migrations are pending\n")
        #expect(answer["retry-after"] == "1")
        #expect(answer["content-type"] == "text/plain; charset=utf-8")
        #expect(answer["cache-control"] == "no-store")
    }

    @Test func `has the metrics in the text format`() async throws {
        let answer = try await send("GET", "/metrics")
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(answer["cache-control"] == "no-store")
        #expect(answer.text == "# HELP a A.\n# TYPE a gauge\na 1\n# HELP b B.\n# TYPE b counter\nb{x=\"y\"} 2\n")
    }

    @Test func `has what the cache holds`() async throws {
        operations.statistics = [("hits", 3), ("memory_bytes", .max), ("a\"b", -1)]
        let answer = try await send("GET", "/cache/stats")
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "application/json")
        #expect(answer["cache-control"] == "no-store")
        #expect(try answer.json == ["hits": 3, "memory_bytes": 9_223_372_036_854_775_807, "a\"b": -1])
    }

    @Test func `invalidates tags`() async throws {
        let answer = try await send("POST", "/cache/invalidate", #"{"tags": ["products:7", "orders/customer_id=931"]}"#)
        #expect(answer.status == 204)
        #expect(answer.response.body.isEmpty)
        #expect(operations.invalidated == [[Model.Tag("products:7"), Model.Tag("orders/customer_id=931")]])
    }

    @Test(arguments: [
        ("{}", "/tags"), (#"{"tags": []}"#, "/tags"), (#"{"tags": "products"}"#, "/tags"), (#"{"tags": null}"#, "/tags"),
        (#"{"tags": [7]}"#, "/tags/0"), (#"{"tags": ["orders", null]}"#, "/tags/1"), (#"{"tags": ["orders", ""]}"#, "/tags/1"),
        (#"{"tags": ["orders", "product:7"]}"#, "/tags/1"), (#"{"tags": ["orders/status=x"]}"#, "/tags/0"),
    ])
    func `does not invalidate what is no list of tags`(body: String, pointer: String) async throws {
        let answer = try await send("POST", "/cache/invalidate", body)
        #expect(answer.status == 422)
        #expect(answer["content-type"] == "application/problem+json")
        #expect(try answer.pointers == [pointer])
        #expect(operations.invalidated.isEmpty)
    }

    @Test func `does not invalidate when there is something else that it does not know`() async throws {
        #expect(try await send("POST", "/cache/invalidate", #"{"tags": ["orders"], "all": true}"#).status == 422)
        #expect(operations.invalidated.isEmpty)
    }

    @Test func `does not invalidate what is no object`() async throws {
        let answer = try await send("POST", "/cache/invalidate", #"["products"]"#)
        #expect(answer.status == 422)
        #expect(operations.invalidated.isEmpty)
    }

    @Test(arguments: ["", "products", "{"])
    func `does not invalidate what is not JSON`(body: String) async throws {
        #expect(try await send("POST", "/cache/invalidate", body).status == 400)
        #expect(operations.invalidated.isEmpty)
    }

    @Test func `does not invalidate without a body`() async throws {
        let status = try await send("POST", "/cache/invalidate").status
        #expect(status == 400 || status == 411)
        #expect(operations.invalidated.isEmpty)
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
    func `does not take for JSON what a form can send`(type: String) async throws {
        let request = try Request("POST", "/cache/invalidate", #"{"tags": ["a"]}"#, headers: ["Content-Type": type])
        #expect(await AdminAPI.router(operations, declarations).respond(to: request).status == .unsupportedMediaType)
        #expect(operations.invalidated.isEmpty)
    }

    @Test func `clears the cache`() async throws {
        let answer = try await send("POST", "/cache/clear")
        #expect(answer.status == 204)
        #expect(answer["cache-control"] == "no-store")
        #expect(operations.clears == 1)
    }

    @Test(arguments: [
        ("GET", "/cache/stats", nil), ("POST", "/cache/clear", nil), ("POST", "/cache/invalidate", #"{"tags": ["orders"]}"#),
    ])
    func `says when the cache cannot be reached, and nothing of why`(method: String, path: String, body: String?) async throws {
        operations.error = FakeOperations.Failure()
        let answer = try await send(method, path, body)
        #expect(answer.status == 503)
        #expect(answer["retry-after"] == "1")
        #expect(try answer.json["type"] == "/problems/cache-unavailable")
        #expect(!answer.text.contains("Failure"))
    }

    @Test func `changes nothing by GET`() async throws {
        for path in ["/cache/clear", "/cache/invalidate"] {
            let answer = try await send("GET", path)
            #expect(answer.status == 405)
            #expect(answer["allow"] == "POST, OPTIONS")
        }
        #expect(operations.clears == 0)
    }

    @Test func `has nothing else, least of all the API`() async throws {
        for path in ["/", "/v1/products", "/cache", "/livez/"] {
            #expect(try await send("GET", path).status == 404, "\(path)")
        }
    }
}
