extension PostgresPool {
    /// Runs `body` in a transaction: commits it when `body` returns, and rolls it back when `body` throws.
    ///
    /// In the server, a statement of it ends after ``PostgresConfiguration/writeTimeout``, and so does the whole
    /// transaction when it waits that long for the next statement.
    ///
    /// `body` runs once more, with what a new transaction reads, if the server rolled it back because a statement no longer
    /// fitted what was prepared for it: a table was changed meanwhile, or somebody deallocated all statements.
    ///
    /// - Parameters:
    ///   - deadline: for all of it, in milliseconds of the loop's clock. `COMMIT`, once sent, has
    ///     ``PoolLimits/commitPatience`` at least.
    ///   - access: a transaction that is ``Access/readOnly`` cannot write.
    /// - Throws: ``TransactionFailure``, which tells whether nothing happened or whether nobody knows.
    public func transaction<Value>(
        deadline: UInt64, isolation: Isolation = .readCommitted, access: Access = .readWrite,
        _ body: (PostgresTransaction) async throws -> Value
    ) async throws(TransactionFailure) -> Value {
        var isRepeated = false
        while true {
            let lease: Lease
            do throws(PostgresError) {
                lease = try await self.lease(.exclusive, deadline: deadline)
            } catch {
                throw .rolledBack(error)
            }
            let transaction = PostgresTransaction(
                lease.connection, deadline: deadline, opening: openings[isolation, access], isRepeated: isRepeated)
            let value: Value
            do {
                value = try await body(transaction)
            } catch {
                transaction.abandon()
                giveBack(lease, transaction, access)
                // What the body made of the failure does not matter.
                guard !isRepeated, transaction.failure?.isOfPreparation == true else { throw .rolledBack(error) }
                isRepeated = true
                continue
            }
            do throws(TransactionFailure) {
                try await transaction.commit(patience: limits.commitPatience)
            } catch {
                giveBack(lease, transaction, access)
                throw error
            }
            giveBack(lease)
            return value
        }
    }

    private func giveBack(_ lease: Lease, _ transaction: PostgresTransaction, _ access: Access) {
        if let failure = transaction.failure { giveBack(lease, after: failure, access) } else { giveBack(lease) }
    }
}
