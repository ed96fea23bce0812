internal import Postgres

extension SQLState {
    /// The statement cannot run in a transaction.
    fileprivate static let activeTransaction: SQLState = "25001"
}

extension MigrationError {
    /// A statement of a file was refused, or the connection broke while it ran.
    init(
        _ error: PostgresError, at statement: MigrationFile.Statement, of step: MigrationStep, _ limits: MigrationLimits
    ) {
        let line = statement.line + lineBreaks(in: statement.sql, before: error.position)
        let place = "\(step.file.fileName):\(line): "
        guard error.sqlState != nil, error.kind != .connectionLost else {
            self.init(.database, place + MigrationError.lost(error, step), sqlState: error.sqlState)
            return
        }
        self.init(
            .statementFailed, place + MigrationError.text(error) + "; " + MigrationError.advice(error, step, limits),
            sqlState: error.sqlState)
    }

    /// The transaction of a file was refused at its end, or the connection broke there.
    init(atCommit error: PostgresError, of step: MigrationStep) {
        let place = "\(step.file.fileName): at its COMMIT: "
        guard error.sqlState == nil || error.mayHaveCommitted || error.kind == .connectionLost else {
            self.init(
                .statementFailed,
                place + MigrationError.text(error) + "; the file was rolled back: correct it and run the command again",
                sqlState: error.sqlState)
            return
        }
        self.init(
            .database,
            place + MigrationError.text(error) + "; it may have been committed: see `larder migrate status`, and run the "
                + "command again if it was not",
            sqlState: error.sqlState)
    }

    private static func lost(_ error: PostgresError, _ step: MigrationStep) -> String {
        let outcome =
            step.part?.isTransactional == true
            ? "the server rolls the file back: run the command again"
            : "the statement runs without a transaction: see by `larder migrate verify` what to do"
        return "\(text(error)); \(outcome)"
    }

    private static func advice(_ error: PostgresError, _ step: MigrationStep, _ limits: MigrationLimits) -> String {
        guard step.part?.isTransactional == true else {
            return "it ran without a transaction, so a part of its work may be left"
        }
        switch error.sqlState {
        case SQLState.lockNotAvailable:
            return "the file was rolled back, because others held a lock for longer than \(seconds(limits.lockTimeout)): "
                + "run the command again when they are done"
        case SQLState.queryCanceled: return "the file was rolled back: run the command again"
        case SQLState.activeTransaction:
            let marker = step.action == .down ? Marker.down : Marker.up
            return "the file was rolled back: give this statement a migration of its own, with `\(marker) transaction:false`"
        default:
            return "the file was rolled back: correct it and run the command again"
        }
    }

    /// What the server says, as one clause. A migration holds no secrets of others, so values may be quoted.
    private static func text(_ error: PostgresError) -> String {
        var text = clause(error.message)
        if let state = error.sqlState { text += " (SQLSTATE \(state))" }
        if let detail = error.detail { text += ": " + clause(detail) }
        if let hint = error.hint { text += "; hint: " + clause(hint) }
        return text
    }

    private static func clause(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: "; ")
        return line.hasSuffix(".") ? String(line.dropLast()) : line
    }
}

/// The line breaks of a statement before a position as PostgreSQL counts it: in characters, from 1.
private func lineBreaks(in sql: String, before position: Int?) -> Int {
    guard let position else { return 0 }
    return sql.unicodeScalars.prefix(max(0, position - 1)).count { $0 == "\n" }
}
