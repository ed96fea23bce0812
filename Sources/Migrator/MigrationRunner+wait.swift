internal import EventLoop
internal import Postgres

extension MigrationRunner {
    /// Waits until the database accepts connections and answers.
    ///
    /// - Parameter timeout: in milliseconds.
    /// - Throws: ``MigrationError/Kind/database`` with the last reason when the time is over.
    public func waitForDatabase(timeout: UInt64 = 60_000) async throws(MigrationError) {
        let deadline = loop.now + timeout
        var announced: String?
        while true {
            guard let reason = await refusal(within: deadline - min(loop.now, deadline)) else { return }
            guard reason.kind != .invalidConfiguration else { throw MigrationError(.database, reason.message) }
            if announced != reason.message { observe(.waitingForDatabase(reason)) }
            announced = reason.message
            guard loop.now + limits.pollInterval < deadline else {
                throw MigrationError(
                    .database,
                    "\(database) did not accept connections within \(seconds(timeout)): \(reason.message); see that it runs, "
                        + "and check DATABASE_URL",
                    sqlState: reason.sqlState)
            }
            await loop.sleep(milliseconds: limits.pollInterval)
        }
    }

    /// Why the database cannot be used; nil if it can.
    private func refusal(within milliseconds: UInt64) async -> PostgresError? {
        var database = database
        database.connectTimeout = max(1, min(database.connectTimeout, milliseconds))
        do throws(PostgresError) {
            let connection = try await PostgresConnection.connect(database, on: loop)
            defer { connection.close() }
            let deadline = loop.now + database.connectTimeout
            _ = try await connection.run(Statement(.unprepared("SELECT 1")), deadline: deadline, access: .readOnly)
            return nil
        } catch {
            return error
        }
    }
}
