import EventLoop
import HTTPServer
import Testing

/// Answers with the length of the content, or with what was wrong with it.
private func measure(_ request: Request) async -> Response {
    do throws(BodyError) {
        return Response(.ok, body: Array("\(try await request.body().count)".utf8))
    } catch {
        return Response(Status(error.status), body: Array(error.reason.utf8))
    }
}

private func head(_ length: Int) -> String { "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: \(length)\r\n\r\n" }

@Suite struct `Content that the server has no room for` {
    private static let few = limits {
        $0.bufferBytes = 400_000
        $0.stallMilliseconds = 60_000
    }

    @Test func `is refused with 503, while what is each client's own is taken`() async throws {
        try await withServer(Self.few) { server in
            server.answer = measure
            let holder = try server.client()
            try await holder.send(head(210_000) + String(repeating: "x", count: 209_999))
            try await server.until { server.server.statistics.heldBytes[.request]! > 190_000 }

            let refused = try await server.exchange(post("/", String(repeating: "x", count: 100_000)))
            #expect(refused.hasPrefix("HTTP/1.1 503 "))
            #expect(refused.contains("Connection: close\r\n"))
            #expect(server.server.statistics.refusals == [.request: 1])
            let small = try server.client()
            try await small.send(post("/", String(repeating: "x", count: 16_000)))
            #expect(try await small.response().body == "16000")

            try await holder.send("x")
            #expect(try await holder.response().body == "210000")
            #expect(server.server.statistics.heldBytes[.request] == 0)
            try await small.send(post("/", String(repeating: "x", count: 100_000)))
            #expect(try await small.response().body == "100000")
        }
    }

    @Test func `is charged as it comes, and not as it is announced`() async throws {
        try await withServer(Self.few) { server in
            server.answer = measure
            let clients = try (0..<20).map { _ in try server.client() }
            for client in clients { try await client.send(head(200_000) + "x") }
            try await server.until { server.started == 20 }
            #expect(server.server.statistics.heldBytes[.request] == 0)
        }
    }

    @Test func `takes the place of what stalls, the worst first`() async throws {
        let few = limits {
            $0.bufferBytes = 400_000
            $0.stallMilliseconds = 20
        }
        try await withServer(few) { server in
            server.answer = measure
            let stalling = try server.client()
            try await stalling.send(head(200_000) + String(repeating: "x", count: 100_000))
            try await server.until { server.server.statistics.heldBytes[.request]! > 83_000 }
            await server.pause(60)
            let later = try server.client()
            try await later.send(head(200_000) + String(repeating: "x", count: 60_000))
            try await server.until { server.server.statistics.heldBytes[.request]! > 126_000 }
            let client = try server.client()
            try await client.send(post("/", String(repeating: "x", count: 100_000)))
            #expect(try await client.response().body == "100000")
            #expect(try await stalling.response().status == 503)
            #expect(server.server.statistics.evictions == [.request: 1])
            try await later.send(String(repeating: "x", count: 140_000))
            #expect(try await later.response().body == "200000")
        }
    }

    @Test func `is given back when its client goes away`() async throws {
        try await withServer(Self.few) { server in
            server.answer = measure
            for _ in 0..<10 {
                let client = try server.client()
                try await client.send(head(200_000) + String(repeating: "x", count: 150_000))
                try await server.until { server.server.statistics.heldBytes[.request]! > 130_000 }
                client.reset()
                try await server.until { server.server.statistics.heldBytes[.request] == 0 }
            }
            #expect(server.server.statistics.refusals.isEmpty)
        }
    }

    /// Both come in one turn of the loop, before the handler that waits for the content goes on.
    @Test func `is only what comes behind, if the content itself is complete`() async throws {
        try await withServer(Self.few) { server in
            server.answer = measure
            let holder = try server.client()
            try await holder.send(head(200_000) + String(repeating: "x", count: 110_000))
            try await server.until { server.server.statistics.heldBytes[.request]! > 93_000 }
            let client = try server.client()
            try await client.send(head(5_000) + String(repeating: "x", count: 4_999))
            try await server.until { server.started == 2 }
            _ = client.sendSome(Array(("x" + String(repeating: get("/"), count: 10_000)).utf8)[...])
            let answer = try await client.response()
            #expect(answer.status == 200 && answer.body == "5000")
            #expect(answer.headers["connection"] == "close")
            #expect(server.server.statistics.refusals == [.request: 1])
        }
    }

    @Test func `may be a head`() async throws {
        try await withServer(limits { $0.bufferBytes = 60_000 }) { server in
            let long = "GET / HTTP/1.1\r\nHost: test\r\nA: " + String(repeating: "x", count: 40_000)
            let holder = try server.client()
            try await holder.send(long)
            try await server.until { server.server.statistics.heldBytes[.request]! > 20_000 }
            #expect(try await server.exchange(long).hasPrefix("HTTP/1.1 503 "))
            try await holder.send("\r\n\r\n")
            #expect(try await holder.response().status == 200)
            #expect(server.server.statistics.heldBytes[.request] == 0)
        }
    }
}

@Suite struct `An answer that the server has no room for` {
    /// More than the kernel takes for a client that does not read.
    private static let size = 12_000_000
    private static let few = limits {
        $0.bufferBytes = 30_000_000
        $0.stallMilliseconds = 60_000
    }

    @Test func `is 503, and small ones are given`() async throws {
        try await withServer(Self.few) { server in
            server.answer = { request in
                Response(.ok, body: [UInt8](repeating: 120, count: request.path == "/small" ? 15_000 : Self.size))
            }
            let holder = try server.client(receiveBuffer: 16_384)
            // One is partly in the kernel; with the next there is more than the half.
            try await holder.send(get("/large"))
            try await server.until { server.server.statistics.heldBytes[.answer]! == Self.size }
            let other = try server.client()
            try await other.send(get("/large") + get("/small"))
            let refused = try await other.response()
            #expect(refused.status == 503)
            #expect(refused.headers["retry-after"] == "1")
            #expect(try await other.response().body.utf8.count == 15_000)
            #expect(server.server.statistics.refusals == [.answer: 1])

            #expect(try await holder.response().body.utf8.count == Self.size)
            try await server.until { server.server.statistics.heldBytes[.answer] == 0 }
            try await other.send(get("/large"))
            #expect(try await other.response().status == 200)
        }
    }

    /// Those before it are sent to make room, and what was charged for them is given back once.
    @Test func `is none of a client that takes what was gathered for it in the same turn`() async throws {
        try await withServer(limits { $0.bufferBytes = 60_000 }) { server in
            server.answer = { _ in Response(.ok, body: [UInt8](repeating: 120, count: 8_000)) }
            let client = try server.client()
            try await client.send(String(repeating: get("/"), count: 12))
            for _ in 0..<12 { #expect(try await client.response().status == 200) }
            try await server.until { server.server.statistics.heldBytes[.answer] == 0 }
            #expect(server.server.statistics.refusals.isEmpty)
        }
    }

    @Test func `is one that is not shared: many clients may wait for the same bytes`() async throws {
        try await withServer(Self.few) { server in
            let body = [UInt8](repeating: 120, count: Self.size)
            server.answer = { _ in Response(.ok, body: body) }
            let clients = try (0..<20).map { _ in try server.client(receiveBuffer: 16_384) }
            for client in clients { try await client.send(get("/")) }
            try await server.until { server.returned == 20 }
            await server.pause(10)
            #expect(server.server.statistics.heldBytes[.answer] == Self.size)
            for client in clients.dropLast() { client.reset() }
            #expect(try await clients.last!.response().body.utf8.count == Self.size)
            try await server.until { server.server.statistics.heldBytes[.answer] == 0 }
        }
    }

    @Test func `takes the place of those that are not taken`() async throws {
        let few = limits {
            $0.bufferBytes = 30_000_000
            $0.stallMilliseconds = 20
            // What clients took is looked at four times in the shortest of all times.
            $0.lingerMilliseconds = 40
        }
        try await withServer(few) { server in
            server.answer = { _ in Response(.ok, body: [UInt8](repeating: 120, count: Self.size)) }
            for _ in 0..<4 {
                let stalling = try server.client(receiveBuffer: 16_384)
                try await stalling.send(get("/"))
                try await server.until { server.server.statistics.heldBytes[.answer]! > 0 }
                await server.pause(150)
                let client = try server.client()
                try await client.send(get("/"))
                #expect(try await client.response().body.utf8.count == Self.size)
            }
            #expect(server.server.statistics.evictions == [.answer: 4])
            #expect(server.server.statistics.refusals.isEmpty)
        }
    }

    /// It keeps to the least rate, and would hold its answer for an hour.
    @Test func `takes the place of one that is taken slowly, though never with a pause`() async throws {
        try await withServer(limits { $0.bufferBytes = 30_000_000 }) { server in
            server.answer = { _ in Response(.ok, body: [UInt8](repeating: 120, count: Self.size)) }
            let slow = try server.client(receiveBuffer: 16_384)
            try await slow.send(get("/"))
            for _ in 0..<50 {
                try await slow.receive(atMost: 1_000)
                await server.pause(50)
            }
            let client = try server.client()
            try await client.send(get("/"))
            #expect(try await client.response().body.utf8.count == Self.size)
            #expect(server.server.statistics.evictions == [.answer: 1])
        }
    }

    @Test func `lets nobody go in vain, if it is longer than all that may be held`() async throws {
        try await withServer(Self.few) { server in
            server.answer = { request in
                Response(.ok, body: [UInt8](repeating: 120, count: request.method == .get ? Self.size : 20_000_000))
            }
            let reader = try server.client(receiveBuffer: 16_384)
            try await reader.send(get("/"))
            try await server.until { server.server.statistics.heldBytes[.answer]! > 0 }
            let writer = try server.client()
            try await writer.send(post("/", "effect"))
            #expect(try await writer.response().status == 503)
            #expect(server.server.statistics.evictions.isEmpty)
            #expect(try await reader.response().body.utf8.count == Self.size)
        }
    }

    @Test func `is told of as long as the client takes it, so that no such answers gather`() async throws {
        let few = limits {
            $0.bufferBytes = 30_000_000
            $0.stallMilliseconds = 60_000
            $0.ownBytes = 4_000
            $0.maxUnsentBytes = 100_000_000
        }
        try await withServer(few) { server in
            server.answer = { _ in Response(.ok, body: [UInt8](repeating: 120, count: Self.size)) }
            let client = try server.client(receiveBuffer: 16_384)
            try await client.send(get("/"))
            try await server.until { server.server.statistics.heldBytes[.answer]! == Self.size }
            // Others are not of the same storage, so there is no room for them, and they stand behind what is not taken.
            try await client.send(String(repeating: get("/"), count: 200))
            try await server.until { server.server.statistics.refusals[.answer] ?? 0 > 0 }
            await server.pause(300)
            #expect(2..<40 ~= server.started)
            #expect(try await client.response().body.utf8.count == Self.size)
            let refusals = try await client.rest()
            #expect(refusals.hasPrefix("HTTP/1.1 503 ") && refusals.contains("Connection: close\r\n"))
        }
    }

    @Test func `is never one that tells of an effect: others have to go, though they do not stall`() async throws {
        try await withServer(Self.few) { server in
            server.answer = { _ in Response(.ok, body: [UInt8](repeating: 120, count: Self.size)) }
            let reader = try server.client(receiveBuffer: 16_384)
            try await reader.send(get("/"))
            try await server.until { server.server.statistics.heldBytes[.answer]! > 0 }
            let writer = try server.client()
            try await writer.send(post("/", "effect"))
            #expect(try await writer.response().body.utf8.count == Self.size)
            #expect(server.server.statistics.evictions == [.answer: 1])
        }
    }

    @Test func `is none of many that are gathered in a turn and taken at once`() async throws {
        try await withServer(Self.few) { server in
            let gate = Gate()
            server.answer = { _ in
                await gate.pass()
                return Response(.ok, body: [UInt8](repeating: 120, count: 1_000_000))
            }
            let clients = try (0..<16).map { _ in try server.client(receiveBuffer: 4_000_000) }
            for client in clients { try await client.send(get("/")) }
            try await server.until { server.started == 16 }
            gate.open()
            for client in clients { #expect(try await client.response().status == 200) }
        }
    }
}

@Suite struct `A client that is slower than it may be` {
    @Test func `in sending content gets 408, though it began fast and never pauses for long`() async throws {
        let fast = limits { $0.bodyRate = LeastRate(bytesPerSecond: 10_000, graceMilliseconds: 200) }
        try await withServer(fast) { server in
            server.answer = measure
            let client = try server.client()
            try await client.send(head(200_000) + String(repeating: "x", count: 100_000))
            for _ in 0..<200 where server.events.isEmpty {
                _ = client.sendSome([120])
                await server.pause(10)
            }
            #expect(try await client.response().status == 408)
            #expect(server.events == [.timedOut(.body)])
        }
    }

    @Test func `in taking answers is ended, though it never pauses for long`() async throws {
        let fast = limits {
            $0.answerRate = LeastRate(bytesPerSecond: 100_000_000, graceMilliseconds: 200)
            $0.bufferBytes = 50_000_000
        }
        try await withServer(fast) { server in
            server.answer = { _ in Response(.ok, body: [UInt8](repeating: 120, count: 20_000_000)) }
            let client = try server.client(receiveBuffer: 16_384)
            try await client.send(get("/"))
            for _ in 0..<200 where server.events.isEmpty && !client.hasEnded {
                try await client.receive(orEnd: true)
                await server.pause(10)
            }
            try await server.until { server.events == [.timedOut(.write)] }
        }
    }
}

@Suite struct `A client with many requests at once` {
    @Test func `has some of them served, then others have their turn`() async throws {
        try await withServer(limits { $0.maxRequestsPerTurn = 3 }) { server in
            var order: [String] = []
            server.answer = { request in
                order.append(request.path)
                return Response(.ok)
            }
            let greedy = try server.client()
            let modest = try server.client()
            _ = greedy.sendSome(Array((0..<20).map { get("/g\($0)") }.joined().utf8)[...])
            _ = modest.sendSome(Array(get("/m").utf8)[...])
            for _ in 0..<20 { #expect(try await greedy.response().status == 200) }
            #expect(try await modest.response().status == 200)
            #expect(try #require(order.firstIndex(of: "/m")) <= 4)
            #expect(order.filter { $0 != "/m" } == (0..<20).map { "/g\($0)" })
        }
    }

    @Test func `gives back what was held for those that wait for their turn when it is closed`() async throws {
        let few = limits {
            $0.maxRequestsPerTurn = 2
            $0.ownBytes = 100
        }
        try await withServer(few) { server in
            let client = try server.client()
            let timer = Timer(on: server.loop)
            var held: Int?
            server.answer = { request in
                // Behind this request the others have to wait for the next turn, and timers come before its end.
                guard request.path == "/1" else { return Response(.ok) }
                timer.start(after: 0) {
                    held = server.server.statistics.heldBytes[.request]
                    server.loop.spawn { await server.server.stop(within: 0) }
                }
                return Response(.ok)
            }
            try await client.send((0..<50).map { get("/\($0)") }.joined())
            try await server.until { held != nil && server.server.statistics.openConnections == 0 }
            timer.stop()
            #expect(server.started == 2)
            #expect(held! > 1_000)
            try await server.until { server.server.statistics.heldBytes[.request] == 0 }
        }
    }
}
