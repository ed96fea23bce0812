internal import HTTPServer

/// Lets pages of other origins use the API (CORS: Fetch Standard, section 3.2).
///
/// Credentials that browsers keep, such as cookies, are not let in; a token that a page sends itself is.
public struct CrossOrigin {
    /// The origins whose pages may read answers, and change something.
    public enum Origins: Hashable, Sendable {
        case any
        /// Each as browsers send it, as in `https://shop.example.org`.
        case listed([String])
    }

    /// What pages may read beside the few fields that they always may.
    static let exposed =
        "ETag, Location, Link, Cache-Status, X-Request-Id, Retry-After, Allow, Accept-Encoding, Accept-Patch, Accept-Post, Preference-Applied, Idempotency-Replayed, traceparent, Server-Timing"
    /// What pages may send beside the few fields that they always may.
    static let allowed =
        "Authorization, Cache-Control, Content-Type, Idempotency-Key, If-Match, If-None-Match, Prefer, X-Request-Id, traceparent, tracestate"
    /// With which methods pages may ask, at whatever path: what one does not have is 405, and so says more than a browser's refusal.
    static let methods = "GET, HEAD, POST, PUT, PATCH, DELETE"
    /// How long browsers keep the answer to a preflight, in seconds: as long as any of them does.
    static let preflightSeconds = 7_200

    private let origins: Origins

    init(_ origins: Origins) { self.origins = origins }

    /// What the page that sent a request may do with its answer.
    struct Page {
        /// What it is told of its origin; nil if it may not read.
        fileprivate var origin: String?
        fileprivate var isPreflight = false
    }

    /// To be asked while the request is sure to be there.
    @inline(never)
    func page(of request: Request) -> Page {
        Page(
            origin: request.withHeader("origin", admitted) ?? nil,
            isPreflight: request.method == .options && request.hasHeader("access-control-request-method"))
    }

    /// Lets a page read an answer, if it is one that may.
    @inline(never)
    func admit(_ page: Page, to response: inout Response) {
        vary(&response)
        guard let origin = page.origin else { return }
        response.fields.append("Access-Control-Allow-Origin", origin)
        guard page.isPreflight, response.status == .noContent else {
            response.fields.append("Access-Control-Expose-Headers", Self.exposed)
            return
        }
        response.fields.append("Access-Control-Allow-Methods", Self.methods)
        response.fields.append("Access-Control-Allow-Headers", Self.allowed)
        response.fields.append("Access-Control-Max-Age", decimal: Self.preflightSeconds)
    }

    private func vary(_ response: inout Response) {
        if case .listed = origins { response.fields.append("Vary", "Origin") }
    }

    private func admitted(_ origin: Span<UInt8>) -> String? {
        switch origins {
        case .any: "*"
        case .listed(let list): list.first { origin.equals($0) }
        }
    }
}

extension CrossOrigin.Origins: CustomStringConvertible {
    public var description: String {
        switch self {
        case .any: "*"
        case .listed(let list): list.joined(separator: ",")
        }
    }

    /// Reads `*`, or origins with commas between; nil if one is none, or not spelled as browsers do: scheme and host in
    /// lower case, no port that the scheme has anyway, nothing behind.
    public init?(_ text: String) {
        if text == "*" {
            self = .any
            return
        }
        let list = text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        guard list.allSatisfy(Self.isOrigin) else { return nil }
        self = .listed(list)
    }

    private static func isOrigin(_ text: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: text.hasPrefix) else { return false }
        var host = text.dropFirst(scheme.count)
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            let port = host[host.index(after: colon)...]
            guard let number = UInt16(port), number > 0, "\(number)" == port, number != (scheme == "http://" ? 80 : 443) else {
                return false
            }
            host = host[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            return !host.isEmpty && host.utf8.allSatisfy { "0123456789abcdef:.".utf8.contains($0) }
        }
        return !host.isEmpty && host.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-._".utf8.contains($0) }
    }
}

extension CrossOrigin.Origins {
    /// Whether pages of this origin, as a browser sends it, are let in.
    func admit(_ origin: Span<UInt8>) -> Bool {
        switch self {
        case .any: true
        case .listed(let list): list.contains { origin.equals($0) }
        }
    }
}

extension Span<UInt8> {
    fileprivate func equals(_ text: String) -> Bool {
        guard text.utf8.count == count else { return false }
        var index = 0
        for byte in text.utf8 {
            guard self[index] == byte else { return false }
            index += 1
        }
        return true
    }
}
