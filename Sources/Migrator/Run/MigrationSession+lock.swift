internal import EventLoop
internal import Postgres

extension MigrationSession {
    /// The advisory lock of all runners: "larder-m" in ASCII. PostgreSQL keeps such locks apart by database.
    ///
    /// Runners for two schemas of one database wait for each other, which does no harm.
    private static let key: Int64 = 0x6C61_7264_6572_2D6D

    /// Waits until no other runner works, and keeps others waiting until ``unlock()`` or the end of the session.
    ///
    /// It polls. A session that blocks in `pg_advisory_lock` has a snapshot; `CREATE INDEX CONCURRENTLY` of the runner
    /// that has the lock would wait for that one to end, and both would wait for ever.
    ///
    /// The lock belongs to the session: a pooler that shares sessions out by the transaction (PgBouncer's
    /// `pool_mode=transaction`) breaks it. Migrations need a connection to the server itself.
    func lock() async throws(MigrationError) {
        let deadline = loop.now + limits.runnerTimeout
        var announced: Int64??
        while try await run("SELECT pg_try_advisory_lock(\(MigrationSession.key))").bool(0, 0) != true {
            let process = try await otherRunner()
            if announced != .some(process) { observe(.waitingForRunner(process: process)) }
            announced = .some(process)
            guard loop.now < deadline else { throw tooLate(process) }
            await loop.sleep(milliseconds: limits.pollInterval)
            try running.checkInterruption()
        }
    }

    func unlock() async {
        _ = try? await run("SELECT pg_advisory_unlock(\(MigrationSession.key))")
    }

    /// The process of the server that works for another runner.
    func otherRunner() async throws(MigrationError) -> Int64? {
        // A key of 64 bits is shown in two halves, with objsubid 1.
        let result = try await run(
            """
            SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database
            WHERE locktype = 'advisory' AND datname = current_database() AND granted AND pid <> pg_backend_pid()
                AND classid = \(MigrationSession.key >> 32) AND objid = \(MigrationSession.key & 0xFFFF_FFFF) AND objsubid = 1
            """)
        return result.rows > 0 ? result.int64(0, 0) : nil
    }

    private func tooLate(_ process: Int64?) -> MigrationError {
        let who = process.map { " (pid \($0))" } ?? ""
        let way = process.map { ", or end it by `SELECT pg_terminate_backend(\($0))`" } ?? ""
        return MigrationError(
            .busy,
            "another migration\(who) has not ended within \(seconds(limits.runnerTimeout)); wait until it has\(way)")
    }
}

/// Milliseconds as people say them.
func seconds(_ milliseconds: UInt64) -> String {
    milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
}
