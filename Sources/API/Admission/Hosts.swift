/// The hosts that a listener answers for (`HTTP_HOSTS`).
///
/// A page can let a name of its own lead to this machine (DNS rebinding). To its browser the service is then the page's own
/// origin, and no other rule holds; what gives it away is the name, which it cannot choose.
public struct Hosts: Hashable, Sendable {
    private var isAny = false
    private var hasLoopback = false
    /// One without a port stands for all ports.
    private var names: [HostPort] = []

    /// All there are.
    public static let any = Hosts(isAny: true)
    /// The names of this machine for itself.
    public static let loopback = Hosts(hasLoopback: true)

    private init(isAny: Bool = false, hasLoopback: Bool = false) {
        self.isAny = isAny
        self.hasLoopback = hasLoopback
    }

    /// These and the others.
    public func union(_ others: Hosts) -> Hosts {
        var union = self
        union.isAny = isAny || others.isAny
        union.hasLoopback = hasLoopback || others.hasLoopback
        union.names += others.names.filter { !names.contains($0) }
        return union
    }

    /// Whether `text` is the host of a request to this service, and its port if it has one.
    ///
    /// One that names none, as HTTP/1.0 may, comes from no browser.
    func contain(_ text: Span<UInt8>) -> Bool {
        if isAny || text.isEmpty { return true }
        let asked = HostPort(text)
        if hasLoopback, asked.isLoopback { return true }
        return names.contains { $0.isMeant(by: asked) || $0.port == nil && $0.host == asked.host }
    }

    /// Whether `name` is one of the names that were given, port and all.
    func name(_ name: HostPort) -> Bool { names.contains { $0.isMeant(by: name) } }
}

extension Hosts: CustomStringConvertible {
    public var description: String {
        if isAny { return "*" }
        let loopback = hasLoopback ? ["localhost", "127.0.0.1", "[::1]"] : []
        return (loopback + names.map(\.description)).joined(separator: ",")
    }

    /// Reads `*`, or hosts with commas between, each a name or an address (of IPv6 in brackets or not), with a port or without; nil
    /// if one is none of these.
    public init?(_ text: String) {
        if text == "*" {
            self = .any
            return
        }
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let name = part.filter { $0 != " " }
            guard let host = HostPort(setting: name) else { return nil }
            names.append(host)
        }
    }
}

extension HostPort: CustomStringConvertible {
    var description: String { String(decoding: host, as: UTF8.self) + (port.map { ":\($0)" } ?? "") }

    /// Nil for what is neither a name nor an address, and for a port that is none.
    fileprivate init?(setting text: String) {
        let isAddress = text.utf8.count { $0 == UInt8(ascii: ":") } > 1 && !text.hasPrefix("[")
        self.init(isAddress ? "[\(text)]" : text)
        if host.first == UInt8(ascii: "[") {
            guard Self.shortest(host) != nil else { return nil }
        } else {
            let allowed = "abcdefghijklmnopqrstuvwxyz0123456789-._"
            guard !host.isEmpty, host.allSatisfy({ allowed.utf8.contains($0) }) else { return nil }
        }
        if port == 0 || text.hasSuffix(":") { return nil }
    }
}
