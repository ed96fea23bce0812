internal import Bytes
internal import EventLoop

/// What is wrong with a URL of Redis, and what is expected. It repeats nothing of it: wherever something is forgotten or not
/// encoded, a part of the password stands in another place.
public struct RedisURLError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    static let forms = "redis://[user:password@]host[:port][/database] or unix:///path/to.sock[?db=number]"

    init(_ problem: String, expected: String = "expected \(forms)") {
        description = "\(problem); \(expected)"
    }
}

extension RedisConfiguration {
    /// Reads `redis://[user:password@]host[:port][/database]` or `unix://[user:password@]/path/to.sock[?db=number]`.
    ///
    /// The port is 6379 and the database 0 unless they are given. An IPv6 address stands in brackets. User, password
    /// and path may be percent-encoded.
    public init(url: String) throws(RedisURLError) {
        guard let separator = url.firstRange(of: "://") else { throw RedisURLError("it has no scheme") }
        let rest = url[separator.upperBound...]
        switch url[..<separator.lowerBound] {
        case "redis": self = try Self.tcp(rest)
        case "unix": self = try Self.unix(rest)
        case "rediss":
            throw RedisURLError("TLS (rediss://) is not supported", expected: "use redis:// inside of a network you trust")
        default:
            throw RedisURLError("its scheme is unknown")
        }
    }

    private static func tcp(_ text: Substring) throws(RedisURLError) -> RedisConfiguration {
        if let option = text.firstIndex(where: { $0 == "?" || $0 == "#" }) {
            throw RedisURLError("options after \(text[option]) are unknown")
        }
        // The last @ separates: one in a password that was not encoded does no harm.
        let at = text.lastIndex(of: "@")
        let location = at.map { text[text.index(after: $0)...] } ?? text
        let slash = location.firstIndex(of: "/")
        let authority = slash.map { location[..<$0] } ?? location
        let path = slash.map { location[location.index(after: $0)...] } ?? ""
        if authority.contains(",") {
            throw RedisURLError("several hosts, a cluster, are not supported yet", expected: "give one host")
        }
        let (host, port) = try hostAndPort(authority)
        var configuration = RedisConfiguration(endpoint: .tcp(host: host, port: port))
        if let at { try configuration.setCredentials(text[..<at]) }
        if !path.isEmpty { configuration.database = try databaseNumber(path) }
        return configuration
    }

    private static func unix(_ text: Substring) throws(RedisURLError) -> RedisConfiguration {
        guard let start = text.firstIndex(of: "/") else {
            throw RedisURLError("the path of the socket must be absolute", expected: "expected unix:///path/to.sock[?db=number]")
        }
        let question = text.firstIndex(of: "?")
        guard question.map({ start < $0 }) ?? true else { throw RedisURLError("the path of the socket is missing") }
        let path = try decoded(text[start..<(question ?? text.endIndex)], "path")
        guard path.utf8.count <= longestSocketPath, path != "/" else {
            throw RedisURLError(
                "the path of the socket has \(path.utf8.count) bytes", expected: "expected 2 to \(longestSocketPath)")
        }
        var configuration = RedisConfiguration(endpoint: .unix(path: path))
        if start != text.startIndex {
            guard text[text.index(before: start)] == "@" else {
                throw RedisURLError(
                    "the path of the socket must be absolute", expected: "expected unix:///path/to.sock[?db=number]")
            }
            try configuration.setCredentials(text[..<text.index(before: start)])
        }
        if let question {
            let option = text[text.index(after: question)...]
            guard option.hasPrefix("db=") else { throw RedisURLError("its option is unknown") }
            configuration.database = try databaseNumber(option.dropFirst(3))
        }
        return configuration
    }

    /// What `sockaddr_un` holds on all systems.
    private static let longestSocketPath = 103

    private static func hostAndPort(_ text: Substring) throws(RedisURLError) -> (String, UInt16) {
        let host: Substring
        let port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw RedisURLError("the [ before the IPv6 address is never closed") }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw RedisURLError("something follows the IPv6 address") }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else {
            let colon = text.firstIndex(of: ":")
            host = colon.map { text[..<$0] } ?? text
            port = colon.map { text[text.index(after: $0)...] }
            if port?.contains(":") == true {
                throw RedisURLError(
                    "the host has several colons", expected: "write an IPv6 address in brackets, as in [::1]:6379")
            }
        }
        guard !host.isEmpty else { throw RedisURLError("the host is missing") }
        guard let port else { return (String(host), 6379) }
        guard port.utf8.allSatisfy(\.isDigit), let number = UInt16(port), number > 0 else {
            throw RedisURLError("the port is not a number from 1 to 65535")
        }
        return (String(host), number)
    }

    private mutating func setCredentials(_ text: Substring) throws(RedisURLError) {
        guard let colon = text.firstIndex(of: ":") else {
            throw RedisURLError("the user has no password", expected: "expected user:password@ or :password@")
        }
        let name = try Self.decoded(text[..<colon], "user")
        user = name.isEmpty ? nil : name
        password = try Self.decoded(text[text.index(after: colon)...], "password")
        if password!.isEmpty { throw RedisURLError("the password is empty") }
    }

    private static func databaseNumber(_ text: Substring) throws(RedisURLError) -> Int {
        guard text.utf8.allSatisfy(\.isDigit), let number = Int(text) else {
            throw RedisURLError("the database is not a number")
        }
        return number
    }

    /// Resolves `%41`. The problem is named without the text, which may be a password.
    private static func decoded(_ text: Substring, _ part: String) throws(RedisURLError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(Substring(digits), radix: 16), digits.first != UInt8(ascii: "+") else {
                throw RedisURLError(
                    "a % in the \(part) is not followed by two hexadecimal digits", expected: "write % itself as %25")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw RedisURLError("the \(part) is not UTF-8")
        }
        return decoded
    }
}
