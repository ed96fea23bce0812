extension PostgresConnection {
    /// Runs `statements` in one pipeline under one sync: outside of a transaction they are one transaction.
    ///
    /// An error ends this run and rolls it back; runs of others are not touched by it. A statement that has to be
    /// prepared again is, and the run repeated once, if that is safe.
    ///
    /// - Parameters:
    ///   - deadline: in milliseconds of the loop's clock. When it passes, the caller has its answer at once and the
    ///     server is asked to cancel the statement.
    ///   - access: whether the statements write. It decides whether an outcome can be unknown.
    /// - Throws: ``PostgresError``; its ``PostgresError/mayHaveCommitted`` says whether the outcome is unknown.
    public func run(
        _ statements: [Statement], deadline: UInt64 = .max, access: Access = .readWrite
    ) async throws(PostgresError) -> [PostgresResult] {
        guard !statements.isEmpty else { return [] }
        for statement in statements { try check(statement) }
        return try await perform(Run(statements, deadline: deadline, access: access))
    }

    /// Runs one statement.
    public func run(
        _ statement: Statement, deadline: UInt64 = .max, access: Access = .readWrite
    ) async throws(PostgresError) -> PostgresResult {
        try await run([statement], deadline: deadline, access: access)[0]
    }

    /// Runs a script of statements divided by semicolons, which may hold what cannot run in a transaction.
    ///
    /// PostgreSQL runs a script of several statements as one transaction unless it has its own `BEGIN` and `COMMIT`;
    /// `CREATE INDEX CONCURRENTLY` therefore has to be alone in it. It runs after what was asked for before.
    ///
    /// - Returns: the results of its statements.
    /// - Throws: ``PostgresError``, with ``PostgresError/position`` counting from the start of the script.
    @discardableResult
    public func simpleQuery(_ script: String, deadline: UInt64 = .max) async throws(PostgresError) -> [PostgresResult] {
        guard !script.utf8.contains(0) else {
            throw PostgresError(.server, sqlState: .characterNotInRepertoire, "the script contains a zero byte")
        }
        let statement = Statement(.unprepared(script))
        return try await perform(Run([statement], deadline: deadline, access: .readWrite, form: .script))
    }

    /// libpq would cut a parameter off at its first zero byte.
    private func check(_ statement: Statement) throws(PostgresError) {
        guard statement.parameters.count <= Statement.parameterLimit else {
            throw PostgresError(
                .server, sqlState: .programLimitExceeded, "more than \(Statement.parameterLimit) parameters")
        }
        for case let parameter? in statement.parameters where parameter.utf8.contains(0) {
            throw PostgresError(.server, sqlState: .characterNotInRepertoire, "a parameter contains a zero byte")
        }
    }
}

extension PostgresError {
    static func deadlineExceeded(mayHaveCommitted: Bool) -> PostgresError {
        PostgresError(.deadlineExceeded, "the deadline passed", mayHaveCommitted: mayHaveCommitted)
    }
}
