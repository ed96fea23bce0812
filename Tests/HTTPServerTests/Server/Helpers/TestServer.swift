import EventLoop
import HTTPServer

/// A server on a loop of its own, with clients on the same loop.
final class TestServer: RequestHandler {
    let loop: Loop
    /// What the handler does.
    var answer: (Request) async -> Response = { Response(.ok, body: Array($0.path.utf8)) }
    /// How many handlers were started.
    private(set) var started = 0
    /// How many have returned.
    private(set) var returned = 0
    private(set) var events: [ServerEvent] = []
    private(set) var server: Server!
    private var port: UInt16 = 0
    private var clients: [Client] = []

    fileprivate init(_ loop: Loop, _ limits: ServerLimits) async throws {
        self.loop = loop
        server = Server(
            loop: loop, limits: limits, handler: self, observe: { [unowned self] in events.append($0) })
        port = try server.listen(on: try await loop.resolve("127.0.0.1", port: 0)[0]).port
    }

    func respond(to request: Request) async -> Response {
        started += 1
        defer { returned += 1 }
        return await answer(request)
    }

    /// Tells of the header what is known of it.
    func refusal(of request: Request, status: Int, _ detail: String) -> Response {
        var response = Response(Status(status), body: Array("failure: \(detail)".utf8))
        if let origin = request.header("origin") { response.fields.append("Seen-Origin", origin) }
        return response
    }

    func client(receiveBuffer: Int32? = nil) throws -> Client {
        let client = try Client(port: port, on: loop, receiveBuffer: receiveBuffer)
        clients.append(client)
        return client
    }

    /// Sends `bytes` over a new connection and gives all that comes back until the server ends it.
    func exchange(_ bytes: String) async throws -> String {
        let client = try client()
        try await client.send(bytes)
        return try await client.rest()
    }

    /// Lets `milliseconds` pass.
    func pause(_ milliseconds: UInt64) async {
        await loop.sleep(milliseconds: milliseconds)
    }

    /// Waits until `condition` holds.
    func until(_ condition: () -> Bool) async throws {
        for _ in 0..<1_000 {
            if condition() { return }
            await loop.sleep(milliseconds: 5)
        }
        throw Client.Failure(description: "what was waited for did not happen")
    }

    fileprivate func end() async {
        for client in clients { client.close() }
        await server.stop(within: 0)
        server = nil
        answer = { _ in Response(.ok) }
    }
}

/// Runs `body` with a server on a loop of its own.
func withServer(
    _ limits: ServerLimits = ServerLimits(), _ body: @escaping @Sendable (TestServer) async throws -> Void
) async throws {
    SignalWatcher.ignoreBrokenPipes()
    let loop = Loop()
    loop.start()
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
        loop.submit {
            do {
                let server = try await TestServer(loop, limits)
                let result: Result<Void, any Error>
                do { result = .success(try await body(server)) } catch { result = .failure(error) }
                await server.end()
                done.resume(with: result)
            } catch {
                done.resume(throwing: error)
            }
            loop.stop()
        }
    }
}

/// The limits with some changed.
func limits(_ change: (inout ServerLimits) -> Void) -> ServerLimits {
    var limits = ServerLimits()
    change(&limits)
    return limits
}

/// What a handler waits at until the test lets it go on.
final class Gate {
    private var isOpen = false
    private var waiters: [UnsafeContinuation<Void, Never>] = []

    func pass() async {
        if isOpen { return }
        await withUnsafeContinuation { waiters.append($0) }
    }

    func open() {
        isOpen = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }
}

/// A request without content.
func get(_ path: String, _ fields: String...) -> String {
    "GET \(path) HTTP/1.1\r\nHost: test\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
}

/// A request with content.
func post(_ path: String, _ body: String, _ fields: String...) -> String {
    "POST \(path) HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n" + fields.map { $0 + "\r\n" }.joined()
        + "\r\n" + body
}

/// A request with chunked content.
func chunked(_ path: String, _ chunks: String...) -> String {
    "POST \(path) HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
        + (chunks.filter { !$0.isEmpty } + [""]).map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined()
}
