import API
import Domain
import HTTPServer
import MemoryStore
import Model

/// The routes of the API over a store of their own, and a client that needs no socket.
struct TestAPI {
    let larder: LarderAPI
    let reports = Reports()

    /// What was reported for the log.
    final class Reports {
        var errors: [any Error] = []
    }

    /// - Parameter store: what the rows are in, made from an empty store in memory.
    init(
        _ declarations: Declarations = Domain.declarations, taxPercent: String = "8.25", compresses: Bool = true,
        store: (MemoryStore) -> any Store = { $0 }
    ) {
        var options = LarderAPI.Options(deadlineMilliseconds: 10_000, compresses: compresses)
        options.settings.set(Order.salesTax, Percent(taxPercent)!)
        let reports = reports
        larder = LarderAPI(declarations, store(MemoryStore(MemoryDatabase(), now: { 0 })), options, now: { 0 }) { error, _ in
            reports.errors.append(error)
        }
    }

    var router: Router { larder.router }

    func send(
        _ method: String, _ target: String, _ body: String? = nil, headers: KeyValuePairs<String, String> = [:]
    ) async throws -> Answer {
        Answer(await router.respond(to: try Request(method, target, body, headers: headers)))
    }

    func get(_ target: String, headers: KeyValuePairs<String, String> = [:]) async throws -> Answer {
        try await send("GET", target, headers: headers)
    }

    func post(_ target: String, _ body: String, headers: KeyValuePairs<String, String> = [:]) async throws -> Answer {
        try await send("POST", target, body, headers: headers)
    }

    func put(_ target: String, _ body: String, headers: KeyValuePairs<String, String> = [:]) async throws -> Answer {
        try await send("PUT", target, body, headers: headers)
    }

    func patch(_ target: String, _ body: String, headers: KeyValuePairs<String, String> = [:]) async throws -> Answer {
        try await send("PATCH", target, body, headers: headers)
    }

    func delete(_ target: String, headers: KeyValuePairs<String, String> = [:]) async throws -> Answer {
        try await send("DELETE", target, headers: headers)
    }
}

extension Request {
    /// - Parameter body: nil for a request without one.
    convenience init(
        _ method: String, _ target: String, _ body: String? = nil, headers: KeyValuePairs<String, String> = [:]
    ) throws {
        var text = "\(method) \(target) HTTP/1.1\r\nHost: larder.example\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if let body { text += "Content-Length: \(body.utf8.count)\r\n\r\n\(body)" } else { text += "\r\n" }
        try self.init(parsing: Array(text.utf8))
    }
}
