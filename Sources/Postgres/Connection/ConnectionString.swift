internal import CLibPQ

/// libpq's connection strings, and what it would add to them.
enum ConnectionString {
    /// The keywords that are set in `text`.
    ///
    /// - Throws: ``PostgresError/Kind/invalidConfiguration`` with a message that quotes nothing of it.
    static func parse(_ text: String) throws(PostgresError) -> [String: String] {
        guard !text.utf8.contains(0) else {
            throw PostgresError(.invalidConfiguration, "the connection string contains a zero byte")
        }
        try checkURI(text)
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(text, &message) else {
            defer { PQfreemem(message) }
            throw PostgresError(.invalidConfiguration, problem(message.map { String(cString: $0) } ?? ""))
        }
        return take(options)
    }

    /// What is wrong, without libpq's words: they quote what is not understood, which may be the password or a part of it.
    private static func problem(_ message: String) -> String {
        let isUnknown = ["invalid connection option", "invalid URI query parameter"].contains { message.hasPrefix($0) }
        return isUnknown
            ? "the connection string has a keyword that libpq does not know"
            : "the connection string is neither a URI nor keywords with values as libpq has them"
    }

    /// In a URI one `@` ends the user and the password. If a password has another one, libpq takes what is behind the first
    /// for the host, whose name is shown and logged.
    private static func checkURI(_ text: String) throws(PostgresError) {
        guard let scheme = ["postgresql://", "postgres://"].first(where: { text.hasPrefix($0) }) else { return }
        guard !text.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0.value < 0x20 }) else {
            throw PostgresError(
                .invalidConfiguration, "the connection string is a URI with a blank or a line end in it; a blank is written %20")
        }
        let location = text.dropFirst(scheme.count)
        let end = location.firstIndex { $0 == "@" || $0 == "/" }
        let rest = end.map { location[$0] == "@" ? location[location.index(after: $0)...] : location } ?? location
        guard !rest.prefix(while: { $0 != "?" }).contains("@") else { throw misplacedAt }
    }

    static let misplacedAt = PostgresError(
        .invalidConfiguration,
        "an @ stands in the host or behind it; in the user and the password of a URI it is written %40, and / is %2F")

    /// What libpq uses for that which a connection string leaves open: the environment's values, then its own.
    static func defaults() -> [String: String] {
        PQconndefaults().map(take) ?? [:]
    }

    private static func take(_ options: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return values
    }
}
