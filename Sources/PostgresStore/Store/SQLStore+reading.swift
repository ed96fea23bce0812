public import Model
internal import Postgres

// Reads, with what the database knows of transactions at their moment.
extension SQLStore {
    /// The transactions of the service that write now, as 32 bits. (`pg_stat_activity` says it to every role.)
    private static let writers = SQL.pinned(
        """
        SELECT backend_xid::text FROM pg_stat_get_activity(NULL) \
        WHERE datid = (SELECT oid FROM pg_database WHERE datname = current_database()) \
        AND application_name LIKE 'larder%' AND backend_xid IS NOT NULL
        """)
    private static let snapshot = SQL.pinned("SELECT pg_current_snapshot()::text")

    /// Who writes now, and which transactions are finished after that.
    public func evidence(deadline: UInt64) async throws -> ReadEvidence {
        try await run([Statement(Self.writers), Statement(Self.snapshot)], deadline: deadline).evidence(asked: true)
    }

    /// Runs statements that only read; what several of them read is of one moment.
    func read(_ statements: [Statement], _ context: ReadContext) async throws -> [PostgresResult] {
        // One statement sees one moment by itself, and may share a connection with others.
        guard statements.count == 1 else {
            return try await snapshot(context) { try await $0.readAll(statements) }
        }
        let (results, evidence) = try await read(
            statements[0], asksWhoWrites: context.asksWhoWrites, deadline: context.deadline)
        context.saw(evidence)
        return [results]
    }

    /// Runs one statement that only reads. It sees at least what the evidence says: each statement of a transaction that reads what
    /// is committed has its own snapshot, and those before it are older.
    func read(
        _ statement: Statement, asksWhoWrites: Bool, deadline: UInt64
    ) async throws -> (PostgresResult, ReadEvidence) {
        let questions = asksWhoWrites ? [Statement(Self.writers), Statement(Self.snapshot)] : [Statement(Self.snapshot)]
        let results = try await run(questions + [statement], deadline: deadline)
        return (results[questions.count], try results.evidence(asked: asksWhoWrites))
    }

    func run(_ statements: [Statement], deadline: UInt64) async throws -> [PostgresResult] {
        do throws(PostgresError) {
            return try await pool.run(statements, deadline: deadline, access: .readOnly)
        } catch {
            throw error.domainError ?? error
        }
    }

    /// Reads in several steps what was there at one moment.
    func snapshot<Value>(_ context: ReadContext, _ body: (SQLSnapshot) async throws -> Value) async throws -> Value {
        do {
            // Before the moment of the snapshot, so not in its transaction.
            let writers =
                context.asksWhoWrites
                ? try await run([Statement(Self.writers)], deadline: context.deadline)[0] : nil
            return try await pool.snapshot(deadline: context.deadline) { transaction in
                try await body(
                    SQLSnapshot(transaction, self) { results in
                        let all = (writers.map { [$0] } ?? []) + results
                        context.saw(try all.evidence(asked: writers != nil))
                    })
            }
        } catch let error as PostgresError {
            throw error.domainError ?? error as any Error
        }
    }

    /// The statement that a ``SQLSnapshot`` begins with.
    static var moment: Statement { Statement(snapshot) }
}

extension [PostgresResult] {
    /// Reads the answers to who writes, if that was asked, and for a snapshot after it.
    fileprivate func evidence(asked: Bool) throws -> ReadEvidence {
        let position = asked ? 1 : 0
        guard count > position, let text = self[position].string(0, 0), let snapshot = TransactionSnapshot(text) else {
            throw UnexpectedRow(table: "pg_current_snapshot()", column: "pg_current_snapshot")
        }
        guard asked else { return ReadEvidence(snapshot: snapshot, writers: nil) }
        let writers = (0..<self[0].rows).compactMap { row in
            self[0].string(row, 0).flatMap { UInt32($0) }.map { snapshot.wide($0) }
        }
        return ReadEvidence(snapshot: snapshot, writers: writers)
    }
}

extension TransactionSnapshot {
    /// The id of a transaction of which only the lower half is known, and which is not half of all of those away.
    fileprivate func wide(_ id: UInt32) -> UInt64 {
        let distance = Int32(bitPattern: id &- UInt32(truncatingIfNeeded: next))
        return next &+ UInt64(bitPattern: Int64(distance))
    }
}
