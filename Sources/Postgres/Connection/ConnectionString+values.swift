/// Values that libpq would object to at each attempt to connect are objected to once, at the start.
extension ConnectionString {
    /// What libpq's documentation allows (section 34.1.2), where it is a choice.
    private static let choices: [String: [String]] = [
        "sslmode": ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
        "gssencmode": ["disable", "prefer", "require"],
        "channel_binding": ["disable", "prefer", "require"],
        "ssl_min_protocol_version": ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"],
        "ssl_max_protocol_version": ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"],
        "sslcompression": ["0", "1"], "sslsni": ["0", "1"], "keepalives": ["0", "1"],
    ]

    private static let numbers = ["keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"]

    /// - Parameters:
    ///   - parameters: those of a connection string.
    ///   - defaults: what the environment says where they say nothing.
    /// - Throws: ``PostgresError/Kind/invalidConfiguration`` with a message that quotes no value.
    static func check(_ parameters: [String: String], defaults: [String: String]) throws(PostgresError) {
        // One for each host, or one for all; an empty one is the usual one.
        for port in (parameters["port"] ?? "").split(separator: ",") where UInt16(port) ?? 0 == 0 || port.hasPrefix("+") {
            throw PostgresError(
                .invalidConfiguration, "the port in the connection string is not a number from 1 to 65535")
        }
        // At the beginning it names a socket without a file.
        for host in (parameters["host"] ?? "").split(separator: ",") where host.dropFirst().contains("@") {
            throw misplacedAt
        }
        for (keyword, allowed) in choices.sorted(by: { $0.key < $1.key }) {
            guard let value = value(of: keyword, parameters, defaults), !allowed.contains(value) else { continue }
            throw PostgresError(
                .invalidConfiguration, "\(place(of: keyword, parameters)) is not one of \(allowed.joined(separator: ", "))")
        }
        for keyword in numbers {
            guard let value = value(of: keyword, parameters, defaults), Int32(value) == nil else { continue }
            throw PostgresError(.invalidConfiguration, "\(place(of: keyword, parameters)) is not a whole number")
        }
    }

    /// The value that libpq would use; nil if that is its own.
    private static func value(of keyword: String, _ parameters: [String: String], _ defaults: [String: String]) -> String? {
        let value = parameters[keyword] ?? defaults[keyword]
        return value?.isEmpty == false ? value : nil
    }

    private static func place(of keyword: String, _ parameters: [String: String]) -> String {
        parameters[keyword] != nil ? "\(keyword) in the connection string" : "\(keyword) in libpq's own environment variables"
    }
}
