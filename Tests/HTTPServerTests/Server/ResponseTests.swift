import HTTPServer
import Metrics
import Testing

@Suite struct `A response` {
    @Test func `has a date, its length and its fields`() async throws {
        try await withServer { server in
            server.answer = { _ in
                var response = Response(.created, body: Array("body".utf8))
                response.fields.append("Location", "/v1/things/1")
                response.fields.append("X-Count", decimal: -120)
                response.fields.append("X-Left", "seconds=", decimal: 1_234)
                response.fields.append("X-Bytes", Array("bytes".utf8))
                response.fields.append(lines: "X-One: 1\r\nX-Two: 2\r\n")
                return response
            }
            let client = try server.client()
            try await client.send(get("/"))
            let response = try await client.response()
            #expect(response.status == 201)
            #expect(response.body == "body")
            #expect(response.headers["location"] == "/v1/things/1")
            #expect(response.headers["x-count"] == "-120")
            #expect(response.headers["x-left"] == "seconds=1234")
            #expect(response.headers["x-bytes"] == "bytes")
            #expect(response.headers["x-one"] == "1" && response.headers["x-two"] == "2")
            #expect(response.headers["content-length"] == "4")
            let date = try #require(response.headers["date"])
            let form = /(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} 20\d\d [0-2]\d:[0-5]\d:[0-6]\d GMT/
            #expect(date.wholeMatch(of: form) != nil)
        }
    }

    @Test func `to HEAD has the length but not the content`() async throws {
        try await withServer { server in
            let client = try server.client()
            try await client.send("HEAD /four HTTP/1.1\r\nHost: test\r\n\r\n" + get("/next"))
            #expect(try await client.response(hasBody: false).headers["content-length"] == "5")
            #expect(try await client.response().body == "/next")
        }
    }

    @Test(arguments: [204, 304])
    func `without content has no length`(status: Int) async throws {
        try await withServer { server in
            server.answer = { _ in Response(Status(status), body: Array("never sent".utf8)) }
            let client = try server.client()
            try await client.send(get("/") + get("/"))
            for _ in 0..<2 {
                let response = try await client.response()
                #expect(response.status == status)
                #expect(response.headers["content-length"] == nil)
            }
            #expect(client.received.isEmpty)
        }
    }

    @Test func `cannot be split by a value`() async throws {
        try await withServer { server in
            server.answer = { _ in
                var response = Response(.ok)
                response.fields.append("Location", "/a\r\nSet-Cookie: b=c\u{0}\n")
                return response
            }
            let client = try server.client()
            try await client.send(get("/"))
            let response = try await client.response()
            #expect(response.headers["set-cookie"] == nil)
            #expect(response.headers["location"] == "/a  Set-Cookie: b=c  ")
        }
    }

    @Test func `may have any final status`() async throws {
        try await withServer { server in
            server.answer = { request in Response(Status(Int(request.path.dropFirst())!)) }
            let client = try server.client()
            for status in 200...599 {
                try await client.send(get("/\(status)"))
                #expect(try await client.response().status == status)
            }
            #expect(server.server.statistics.unrouted.latency.count == 400)
        }
    }

    @Test func `has the reason of its status`() {
        #expect(Status.notFound.reason == "Not Found")
        #expect(Status(599).reason == "")
        #expect(Status.unprocessableContent.code == 422)
    }
}

@Suite struct `What a server counts` {
    @Test func `are requests by route and status, connections and bytes`() async throws {
        try await withServer { server in
            let router = Router { status, _ in Response(Status(status)) }
            router.on(.get, "/a") { _, _ in Response(.ok) }
            router.on(.get, "/b") { _, _ in Response(.conflict) }
            server.answer = { await router.respond(to: $0) }
            let client = try server.client()
            let requests = get("/a") + get("/b") + get("/a") + get("/c")
            try await client.send(requests)
            for _ in 0..<4 { _ = try await client.response() }
            let statistics = server.server.statistics
            #expect(statistics.routes.map(\.statuses) == [[200: 2], [409: 1]])
            #expect(statistics.unrouted.statuses == [404: 1])
            #expect(statistics.routes[0].latency.count == 2)
            #expect(statistics.routes[0].latency.cumulative.last == 2)
            #expect(statistics.bytesIn == UInt64(requests.utf8.count))
            #expect(statistics.bytesOut > 300)
            #expect(statistics.openConnections == 1)

            let metrics = RequestStatistics(statistics, router.routes).metrics
            #expect(
                metrics[0].samples.map { "\($0.labels.map(\.value)) \($0.value)" } == [
                    #"["GET", "/a", "200"] 2"#, #"["GET", "/b", "409"] 1"#, #"["", "none", "404"] 1"#,
                ])
            // Of each route its buckets, their sum and their number.
            #expect(metrics[1].samples.count == 3 * (LatencyHistogram.bounds.count + 3))
        }
    }

    @Test func `is how long requests took`() async throws {
        try await withServer { server in
            server.answer = { _ in
                await server.pause(30)
                return Response(.ok)
            }
            let client = try server.client()
            try await client.send(get("/"))
            _ = try await client.response()
            let latency = server.server.statistics.unrouted.latency
            #expect(latency.count == 1)
            #expect(latency.sum >= 25_000_000)
            let under10Milliseconds = latency.cumulative[LatencyHistogram.bounds.firstIndex(of: 10_000_000)!]
            #expect(under10Milliseconds == 0)
        }
    }
}
