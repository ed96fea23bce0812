internal import Postgres

/// What a runner has under way.
final class RunningCommand {
    var connection: PostgresConnection?
    var isInterrupted = false

    /// - Throws: ``MigrationError/Kind/interrupted`` if the operator does not want to go on.
    func checkInterruption() throws(MigrationError) {
        guard isInterrupted else { return }
        throw MigrationError(.interrupted, "interrupted; what was applied before stays")
    }
}

extension MigrationRunner {
    /// Ends what runs, as Ctrl-C has to: the server cancels the statement that it works on, and no further one is begun. The
    /// call of ``run(_:)`` fails then, with its transaction rolled back and its locks gone.
    ///
    /// - Returns: false if there is no connection, so that nothing ends by itself.
    public func interrupt() async -> Bool {
        running.isInterrupted = true
        guard let connection = running.connection else { return false }
        await connection.cancelRunning()
        return true
    }
}
