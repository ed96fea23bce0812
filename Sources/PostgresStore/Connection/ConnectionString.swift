internal import CLibPQ

/// libpq's connection strings, and what it would add to them.
enum ConnectionString {
    /// The keywords that are set in `text`.
    static func parse(_ text: String) throws(PostgresError) -> [String: String] {
        guard !text.utf8.contains(0) else {
            throw PostgresError(.invalidConfiguration, "the connection string contains a zero byte")
        }
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(text, &message) else {
            let reason = message.map { String(cString: $0) } ?? "out of memory"
            PQfreemem(message)
            throw PostgresError(
                .invalidConfiguration, "the connection string is not understood: \(withoutQuotations(reason))")
        }
        return take(options)
    }

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

    /// libpq's message in one sentence, without what it quotes of the string: that may be the password or a part of it.
    static func withoutQuotations(_ message: String) -> String {
        let line = message.split(separator: "\n").joined(separator: "; ")
        // Of these it quotes a keyword only.
        for safe in ["invalid connection option", "invalid URI query parameter"] where line.hasPrefix(safe) {
            return line
        }
        // It quotes punctuation as well. The first quotation that is longer hides all up to the last quote, because
        // what it quotes may contain quotes.
        var parts = line.split(separator: "\"", omittingEmptySubsequences: false)
        guard let secret = parts.indices.first(where: { $0 % 2 == 1 && parts[$0].count > 1 }), parts.count > 2 else {
            return line
        }
        parts.replaceSubrange(secret..<(parts.count - 1), with: ["..."])
        return parts.joined(separator: "\"")
    }
}
