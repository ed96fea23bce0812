import HTTPServer
import Testing

@Suite struct `Time is over for` {
    @Test func `a connection that says nothing, without a word`() async throws {
        try await withServer(limits { $0.headerMilliseconds = 60 }) { server in
            let answer = try await server.exchange("")
            #expect(answer == "")
            #expect(server.events == [.timedOut(.request)])
        }
    }

    @Test func `a head that stays incomplete, with 408`() async throws {
        try await withServer(limits { $0.headerMilliseconds = 60 }) { server in
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost:")
            #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
            #expect(answer.contains("Connection: close\r\n"))
            #expect(server.events == [.timedOut(.head)])
            #expect(server.server.statistics.timeouts == [.head: 1])
        }
    }

    @Test func `a head that comes drop by drop`() async throws {
        try await withServer(limits { $0.headerMilliseconds = 100 }) { server in
            let client = try server.client()
            try await client.send("GET / HTTP/1.1\r\n")
            for _ in 0..<100 where server.events.isEmpty {
                _ = client.sendSome(Array("A: b\r\n".utf8)[...])
                await server.pause(10)
            }
            #expect(try await client.response().status == 408)
        }
    }

    @Test func `a second head as for the first`() async throws {
        try await withServer(limits { $0.headerMilliseconds = 60 }) { server in
            let client = try server.client()
            try await client.send(get("/") + "GET")
            #expect(try await client.response().status == 200)
            #expect(try await client.rest().hasPrefix("HTTP/1.1 408 "))
        }
    }

    @Test func `content that does not come, with the handler's answer`() async throws {
        try await withServer(limits { $0.bodyMilliseconds = 60 }) { server in
            server.answer = { request in
                do throws(BodyError) {
                    return Response(.ok, body: try await request.body())
                } catch {
                    return Response(Status(error.status))
                }
            }
            let answer = try await server.exchange("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\nxxx")
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
            #expect(answer.contains("Connection: close\r\n"))
            #expect(server.events == [.timedOut(.body)])
        }
    }

    @Test func `a connection without a request for too long`() async throws {
        try await withServer(limits { $0.idleMilliseconds = 60 }) { server in
            let answer = try await server.exchange(get("/once"))
            #expect(answer.hasSuffix("/once"))
            #expect(!answer.contains("Connection: close"))
            #expect(server.events == [.timedOut(.request)])
        }
    }

    @Test func `a client that does not end after the last answer`() async throws {
        try await withServer(limits { $0.lingerMilliseconds = 60 }) { server in
            let client = try server.client()
            try await client.send(get("/", "Connection: close"))
            _ = try await client.rest()
            #expect(server.server.statistics.openConnections == 1)
            try await server.until { server.server.statistics.openConnections == 0 }
        }
    }

    @Test func `nobody while a handler runs`() async throws {
        let short = limits {
            $0.headerMilliseconds = 40
            $0.bodyMilliseconds = 40
            $0.idleMilliseconds = 40
            $0.bodyRate.graceMilliseconds = 40
            $0.answerRate.graceMilliseconds = 40
        }
        try await withServer(short) { server in
            server.answer = { _ in
                await server.pause(200)
                return Response(.ok)
            }
            let client = try server.client()
            try await client.send(get("/"))
            #expect(try await client.response().status == 200)
        }
    }
}
