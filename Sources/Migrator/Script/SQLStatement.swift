/// One statement of a script.
struct SQLStatement: Hashable {
    /// From its first word to its end, without the semicolon.
    let sql: String
    /// On which it begins.
    let line: Int
    /// Its first unquoted words, in lower case.
    let words: [String]
    /// Whether `CONCURRENTLY` is among its words.
    let isConcurrent: Bool
    /// Whether it is a `COPY` from or to the client: `stdin` or `stdout`.
    let stream: String?

    /// The word by which it begins or ends a transaction; nil if it does not.
    var transactionControl: String? {
        guard let first = words.first else { return nil }
        let second = words.dropFirst().first
        switch first {
        case "begin", "commit", "end", "abort": return first.uppercased()
        case "start" where second == "transaction": return "START TRANSACTION"
        case "prepare" where second == "transaction": return "PREPARE TRANSACTION"
        // Not the return to a savepoint: ROLLBACK [WORK | TRANSACTION] TO [SAVEPOINT] name.
        case "rollback" where !words.prefix(3).contains("to"): return "ROLLBACK"
        default: return nil
        }
    }

    /// What PostgreSQL refuses in a transaction, by its first words; nil if it does not. (Those that it calls
    /// `PreventInTransactionBlock` for.)
    var refusedInTransactions: String? {
        let first = words.first ?? ""
        let second = words.dropFirst().first ?? ""
        switch (first, second) {
        case ("create", "database"), ("drop", "database"), ("create", "tablespace"), ("drop", "tablespace"), ("alter", "system"),
            ("reindex", "database"), ("reindex", "system"), ("reindex", "schema"), ("create", "subscription"),
            ("drop", "subscription"):
            return "\(first) \(second)".uppercased()
        case ("vacuum", _): return "VACUUM"
        case ("cluster", ""): return "CLUSTER without a table"
        case ("create", "index") where isConcurrent, ("create", "unique") where isConcurrent: return "CREATE INDEX CONCURRENTLY"
        case ("drop", "index") where isConcurrent: return "DROP INDEX CONCURRENTLY"
        case ("reindex", _) where isConcurrent: return "REINDEX CONCURRENTLY"
        case ("alter", "table") where isConcurrent: return "DETACH PARTITION CONCURRENTLY"
        default: return nil
        }
    }
}
