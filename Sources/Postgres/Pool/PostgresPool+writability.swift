extension PostgresPool {
    /// Asks the server whether it takes writes; it may have been made read-only after the session began.
    ///
    /// - Parameter deadline: in milliseconds of the loop's clock.
    /// - Throws: what is in the way, see ``trouble``, or why the server could not be asked.
    public func checkTakesWrites(deadline: UInt64) async throws(PostgresError) {
        let result = try await run(Statement("SHOW transaction_read_only"), deadline: deadline, access: .readOnly)
        if result.string(0, 0) == "on" {
            doesNotWrite(PostgresError(.server, sqlState: .readOnlyTransaction, "the database takes no writes"))
        }
        if let trouble { throw trouble }
    }
}
