internal import Bytes

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// A host and a port, as `Host` and origins have them (RFC 9110 section 7.2, RFC 6454 section 6.2).
struct HostPort: Hashable, Sendable {
    /// In lower case; an IPv6 address in brackets and in its shortest form, as browsers write it.
    var host: [UInt8]
    /// Nil: that of the scheme.
    var port: UInt16?

    /// - Parameter text: host and port of well-formed HTTP. Where there is none, its parts do not equal those of any that is.
    init(_ text: Span<UInt8>) {
        let (hostEnd, port) = Self.divide(text)
        self.port = port
        host = []
        host.reserveCapacity(hostEnd)
        for index in 0..<hostEnd { host.append(text[index].asciiLowercase) }
        if host.first == UInt8(ascii: "[") {
            host = Self.shortest(host) ?? host
        } else if host.count > 1, host.last == UInt8(ascii: ".") {
            host.removeLast()  // says only that the name is complete
        }
    }

    init(_ text: String) {
        self.init(Array(text.utf8).span)
    }

    /// Whether `other` is the same. One without a port has that of its scheme, and which one that is is known to a proxy in front alone.
    func isMeant(by other: HostPort) -> Bool {
        host == other.host && (port == other.port || other.port == nil && (port == 80 || port == 443))
    }

    /// Whether nobody but this machine can have this name, whatever a name server says (RFC 6761 section 6.3).
    var isLoopback: Bool {
        if host == Array("localhost".utf8) || host == Array("[::1]".utf8) { return true }
        let text = String(decoding: host, as: UTF8.self)
        if text.hasSuffix(".localhost") { return true }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil && !$0.hasPrefix("+") }
    }

    /// Where the host ends, and the port if there is one. A number that is no port is left with the host, which then is none.
    private static func divide(_ text: Span<UInt8>) -> (hostEnd: Int, port: UInt16?) {
        var digits = text.count
        while digits > 0, text[digits - 1].isDigit { digits -= 1 }
        guard digits > 0, text[digits - 1] == UInt8(ascii: ":") else { return (text.count, nil) }
        // An empty port is that of the scheme (RFC 3986 section 3.2.3).
        if digits == text.count { return (digits - 1, nil) }
        var port = 0
        for index in digits..<text.count where port <= 65_535 { port = port * 10 + Int(text[index] & 0xF) }
        return port <= 65_535 ? (digits - 1, UInt16(port)) : (text.count, nil)
    }

    /// An IPv6 address in brackets as RFC 5952 writes it; nil if it is none.
    static func shortest(_ literal: [UInt8]) -> [UInt8]? {
        let text = String(decoding: literal.dropFirst().dropLast(), as: UTF8.self)
        var address = in6_addr()
        guard literal.last == UInt8(ascii: "]"), inet_pton(AF_INET6, text, &address) == 1 else { return nil }
        var name = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, &address, &name, socklen_t(name.count)) != nil else { return nil }
        return [UInt8(ascii: "[")] + name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) } + [UInt8(ascii: "]")]
    }
}
