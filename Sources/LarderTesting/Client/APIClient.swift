public import HTTPServer

/// Sends requests as a client does, and takes the answers apart.
public protocol APIClient {
    /// Sends a request and waits for its answer.
    ///
    /// - Parameter body: nil for a request without one.
    func exchange(
        _ method: String, _ target: String, _ body: String?, headers: KeyValuePairs<String, String>
    ) async throws -> Answer
}

extension APIClient {
    /// Sends a request of any method.
    public func send(
        _ method: String, _ target: String, _ body: String? = nil, headers: KeyValuePairs<String, String> = [:]
    ) async throws -> Answer {
        try await exchange(method, target, body, headers: headers)
    }

    /// Reads.
    public func get(_ target: String, headers: KeyValuePairs<String, String> = [:]) async throws -> Answer {
        try await send("GET", target, nil, headers: headers)
    }

    /// Creates a row, or acts on one.
    public func post(
        _ target: String, _ body: String, headers: KeyValuePairs<String, String> = [:]
    ) async throws -> Answer {
        try await send("POST", target, body, headers: headers)
    }

    /// Replaces a row.
    public func put(
        _ target: String, _ body: String, headers: KeyValuePairs<String, String> = [:]
    ) async throws -> Answer {
        try await send("PUT", target, body, headers: headers)
    }

    /// Changes a row.
    public func patch(
        _ target: String, _ body: String, headers: KeyValuePairs<String, String> = [:]
    ) async throws -> Answer {
        try await send("PATCH", target, body, headers: headers)
    }

    /// Removes a row.
    public func delete(_ target: String, headers: KeyValuePairs<String, String> = [:]) async throws -> Answer {
        try await send("DELETE", target, nil, headers: headers)
    }
}

/// A client that needs no socket: it talks to what the server would hand requests to.
public struct HandlerClient: APIClient {
    private let handler: any RequestHandler

    /// - Parameter handler: what answers, on the loop on which requests are sent.
    public init(_ handler: any RequestHandler) { self.handler = handler }

    /// Has the handler answer.
    public func exchange(
        _ method: String, _ target: String, _ body: String?, headers: KeyValuePairs<String, String>
    ) async throws -> Answer {
        Answer(await handler.respond(to: try Request(method, target, body, headers: headers)))
    }
}

extension Request {
    /// A request as it comes from a client of `larder.example`.
    ///
    /// - Parameter body: nil for a request without one.
    public convenience init(
        _ method: String, _ target: String, _ body: String? = nil, headers: KeyValuePairs<String, String> = [:]
    ) throws {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: larder.example\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if let body { text += "Content-Length: \(body.utf8.count)\r\n\r\n\(body)" } else { text += "\r\n" }
        try self.init(parsing: Array(text.utf8))
    }
}
