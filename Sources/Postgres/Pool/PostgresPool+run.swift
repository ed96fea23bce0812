extension PostgresPool {
    /// Runs `statements` in one pipeline, as one transaction. Those that only read share connections with each other.
    ///
    /// They must not change the session: ``withConnection(deadline:_:)`` is for that. If the connection breaks and
    /// nothing can have been committed, they run once more on another.
    ///
    /// - Parameters:
    ///   - deadline: in milliseconds of the loop's clock, for the waiting and the running together.
    ///   - access: say ``Access/readOnly`` where it is true: it is faster, and no outcome is unknown.
    public func run(
        _ statements: [Statement], deadline: UInt64, access: Access = .readWrite
    ) async throws(PostgresError) -> [PostgresResult] {
        var isRepeated = false
        while true {
            // A write has its connection alone. It may wait for a lock that a transaction of ours holds, and if that
            // transaction waited for a read behind it, neither PostgreSQL nor we would see that they wait for each other.
            let lease = try await lease(access == .readOnly ? .shared : .exclusive, deadline: deadline)
            do throws(PostgresError) {
                let results = try await lease.connection.run(statements, deadline: deadline, access: access)
                giveBack(lease)
                return results
            } catch {
                giveBack(lease, after: error, access)
                guard error.kind == .connectionLost, !error.mayHaveCommitted, !isRepeated else { throw error }
                isRepeated = true
            }
        }
    }

    /// Runs one statement.
    public func run(
        _ statement: Statement, deadline: UInt64, access: Access = .readWrite
    ) async throws(PostgresError) -> PostgresResult {
        try await run([statement], deadline: deadline, access: access)[0]
    }

    /// Lends a connection to `body`, which has it alone.
    ///
    /// If `body` throws or leaves a transaction open, that is rolled back; if this fails, the connection is closed.
    /// What `body` changes of the session stays changed. It must not keep the connection, which is somebody else's
    /// afterwards.
    ///
    /// - Parameter deadline: for the waiting, in milliseconds of the loop's clock. Runs on the connection have their own.
    public func withConnection<Value>(
        deadline: UInt64, _ body: (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        let lease = try await lease(.exclusive, deadline: deadline)
        defer { giveBack(lease) }
        return try await body(lease.connection)
    }
}
