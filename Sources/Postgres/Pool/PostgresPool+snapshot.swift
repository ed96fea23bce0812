internal import EventLoop

extension PostgresPool {
    /// Runs `body` over one snapshot: all that its statements read is of one moment, that of the first of them.
    ///
    /// `body` has a connection alone, and can only read. If the connection breaks, or a statement no longer fits the tables it was
    /// prepared for, all of it runs once more.
    ///
    /// - Parameter deadline: for all of it, in milliseconds of the loop's clock.
    /// - Throws: ``PostgresError``, and what `body` throws.
    public func snapshot<Value>(
        deadline: UInt64, _ body: (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        var isRepeated = false
        while true {
            let lease = try await lease(.exclusive, deadline: deadline)
            let transaction = PostgresTransaction(
                lease.connection, deadline: deadline, opening: openings[.repeatableRead, .readOnly], isRepeated: isRepeated)
            do {
                let value = try await body(transaction)
                finish(lease, transaction)
                return value
            } catch {
                transaction.abandon()
                giveBack(lease)
                guard !isRepeated, let error = error as? PostgresError, error.isRetriable else { throw error }
                isRepeated = true
            }
        }
    }

    /// Ends a transaction that only read. What it read is valid already, so nobody waits for its end.
    private func finish(_ lease: Lease, _ transaction: PostgresTransaction) {
        transaction.abandon()
        let connection = lease.connection
        guard connection.isInTransaction else { return giveBack(lease) }
        loop.spawn { [self] in
            let commit = Statement(.unprepared("COMMIT"))
            _ = try? await connection.run(commit, deadline: loop.now + limits.rollbackPatience, access: .readOnly)
            giveBack(lease)
        }
    }
}
