internal import HTTPServer

/// Turns away what browsers send for pages that have no business here, and bodies that do not say what they are.
///
/// A page of any origin can make a browser send a form, a beacon or a `fetch` to whatever the browser's machine can reach, this
/// service and its admin listener among it (CSRF). It cannot read the answer, but a write has then been done. Browsers say where
/// a request comes from, by `Sec-Fetch-Site` and `Origin`, and pages cannot change that; other clients send neither, and are let
/// in. (OWASP, "Cross-Site Request Forgery Prevention", by Fetch Metadata; Go's `http.CrossOriginProtection` does the same.)
final class Admission {
    /// The codings of a body that are understood.
    static let codings: StaticString = "identity"

    private let hosts: Hosts
    private let setting: String
    private let origins: CrossOrigin.Origins
    /// The host that was let in last: clients mostly say the same, and to compare bytes costs next to nothing.
    private var lastHost: [UInt8] = []

    /// - Parameters:
    ///   - hosts: whom this service is asked as.
    ///   - origins: the other origins whose pages may change something.
    ///   - setting: which lists the hosts.
    init(_ hosts: Hosts, _ origins: CrossOrigin.Origins, setting: String) {
        self.hosts = hosts
        self.setting = setting
        self.origins = origins
    }

    /// The answer to a request that is turned away; nil if it is let in.
    // Not inlined: its variables would be allocated with those of the task.
    @inline(never)
    func objection(to request: Request) -> Response? {
        guard request.withAuthority(isOurs) else { return Problem.misdirected(setting).response }
        if request.method.isRead { return nil }
        if isForeign(request) { return Problem.foreignOrigin.response }
        return request.hasContent ? Self.objection(toContentOf: request) : nil
    }

    private func isOurs(_ host: Span<UInt8>) -> Bool {
        if host.equals(lastHost.span) { return true }
        guard hosts.contain(host) else { return false }
        lastHost = host.withUnsafeBufferPointer { Array($0) }
        return true
    }

    /// Whether a page of an origin that is not let in sent it.
    private func isForeign(_ request: Request) -> Bool {
        if case .any = origins { return false }
        // What the browser says itself comes first: it knows its page's origin also when a proxy on the way has changed Host.
        if request.header("sec-fetch-site", equals: "same-origin") || request.header("sec-fetch-site", equals: "none") {
            return false
        }
        let isAdmitted = request.withHeader("origin") { [origins] in origins.admit($0) }
        guard isAdmitted != true else { return false }
        // From another origin of the same site it is foreign too: a site may have pages that nobody here answers for.
        if request.hasHeader("sec-fetch-site") { return true }
        guard let origin = request.withHeader("origin", HostPort.init(origin:)) else { return false }
        guard let origin else { return true }
        return !hosts.name(origin) && !request.withAuthority { HostPort($0).isMeant(by: origin) }
    }

    private static func objection(toContentOf request: Request) -> Response? {
        let isUnderstood = request.withHeader("content-encoding") { $0.isEmpty || $0.equals(codings, in: $0.indices) }
        if isUnderstood == false {
            var response = Problem.unsupportedContentCoding(request.header("content-encoding") ?? "").response
            // RFC 9110 section 15.5.16.
            response.fields.append("Accept-Encoding", "\(codings)")
            return response
        }
        return request.hasHeader("content-type") ? nil : Problem.unsupportedMediaType(nil, request.method).response
    }
}

extension Span<UInt8> {
    fileprivate func equals(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}

extension RequestMethod {
    /// Whether it changes nothing (RFC 9110 section 9.2.1), so that any page may send it.
    fileprivate var isRead: Bool {
        switch self {
        case .get, .head, .options, .trace, .query: true
        default: false
        }
    }
}

extension HostPort {
    /// The host of an origin as browsers send it, without the port that its scheme has anyway; nil for `null`, which is nobody.
    fileprivate init?(origin: Span<UInt8>) {
        let schemes: [(name: StaticString, port: UInt16)] = [("http://", 80), ("https://", 443)]
        for (name, port) in schemes {
            let length = name.utf8CodeUnitCount
            guard origin.count >= length, origin.equals(name, in: 0..<length) else { continue }
            self.init(origin.extracting(length..<origin.count))
            if self.port == port { self.port = nil }
            return
        }
        return nil
    }
}
