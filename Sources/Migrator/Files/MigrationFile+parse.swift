internal import Bytes

extension MigrationFile {
    /// Understands the file `fileName` with the content `bytes`.
    init(fileName: String, _ bytes: [UInt8], of origin: String = "") throws(MigrationFileProblem) {
        let title = try MigrationFileName(fileName)
        do throws(ScriptProblem) {
            try self.init(title, Sections(bytes), origin)
        } catch {
            throw MigrationFileProblem(fileName: fileName, line: error.line, reason: error.reason, version: title.version)
        }
    }

    private init(_ title: MigrationFileName, _ sections: Sections, _ origin: String) throws(ScriptProblem) {
        guard let up = sections.up else {
            throw ScriptProblem(line: nil, reason: "there is no up part; write `\(Marker.up)` on a line above the statements")
        }
        version = title.version
        name = title.name
        self.origin = origin
        self.up = try Part(up)
        down = if let down = sections.down { try Part(down) } else { nil }
        // The bytes that make the text of the part, as `checksum` says.
        checksum = SHA256([UInt8](self.up.sql.utf8))
    }
}

extension MigrationFile.Part {
    init(_ section: Section) throws(ScriptProblem) {
        let statements = try SQLSplitter.statements(in: section.text, firstLine: section.line + 1)
        guard !statements.isEmpty else {
            throw ScriptProblem(
                line: section.line,
                reason: "the part has no statement; write one, or leave a down part out that there is no way to write")
        }
        for statement in statements {
            guard let word = statement.transactionControl else { continue }
            throw ScriptProblem(
                line: statement.line,
                reason: "\(word) does not belong into a migration, which runs in a transaction of its own or, with "
                    + "`transaction:false`, in none; take it out")
        }
        if section.marker.isTransactional, let (statement, what) = statements.firstRefusedInTransactions {
            let marker = section.marker.direction == .up ? Marker.up : Marker.down
            throw ScriptProblem(
                line: statement.line,
                reason: "\(what) cannot run in a transaction; give it a migration of its own, with `\(marker) transaction:false`")
        }
        if !section.marker.isTransactional, statements.count > 1 {
            throw ScriptProblem(
                line: statements[1].line,
                reason: "a part with `transaction:false` has exactly one statement, so that an interruption leaves no "
                    + "doubt what ran; move the others to migrations of their own")
        }
        sql = trimmed(section.text)
        isTransactional = section.marker.isTransactional
        self.statements = statements.map { .init(sql: $0.sql, line: $0.line, isConcurrent: $0.isConcurrent) }
    }
}

/// Without space and line ends at both ends.
private func trimmed(_ bytes: [UInt8]) -> String {
    let isSpace: (UInt8) -> Bool = { $0 <= UInt8(ascii: " ") }
    guard let start = bytes.firstIndex(where: { !isSpace($0) }), let end = bytes.lastIndex(where: { !isSpace($0) }) else {
        return ""
    }
    return String(decoding: bytes[start...end], as: UTF8.self)
}

extension [SQLStatement] {
    fileprivate var firstRefusedInTransactions: (statement: SQLStatement, what: String)? {
        for statement in self { if let what = statement.refusedInTransactions { return (statement, what) } }
        return nil
    }
}
