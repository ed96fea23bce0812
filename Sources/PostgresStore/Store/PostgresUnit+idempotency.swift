internal import Model
internal import Postgres

/// Idempotency keys in the table `idempotency_keys`.
enum KeySQL {
    // The lock is of the table and the key, because locks are the database's, which may have the table in several schemas.
    // It ends with the transaction, after the commit is seen by others. It is tried, not waited for, because a
    // client that asks again is to hear at once that its first request still runs.
    static let lock = SQL.pinned(
        "SELECT pg_try_advisory_xact_lock(hashtextextended($1::text, 'idempotency_keys'::regclass::oid::bigint))")
    /// A statement of its own, so that it sees what the holder of the lock before this one committed.
    static let find = SQL.pinned(
        """
        SELECT request, status, fields, body FROM idempotency_keys \
        WHERE key = $1 AND created_at >= clock_timestamp() - make_interval(secs => $2::bigint)
        """)
    /// Replaces what lies there: its time is over, or the lock would not have been of use.
    static let keep = SQL.pinned(
        """
        INSERT INTO idempotency_keys (key, request, status, fields, body) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key) \
        DO UPDATE SET request = excluded.request, status = excluded.status, fields = excluded.fields, body = excluded.body, \
        created_at = clock_timestamp()
        """)
    /// Leaves alone what another transaction is at, and what was just kept.
    static let drop = SQL.pinned(
        """
        DELETE FROM idempotency_keys WHERE key = ANY (ARRAY(SELECT key FROM idempotency_keys \
        WHERE created_at < clock_timestamp() - make_interval(secs => $2::bigint) AND key <> $1 \
        ORDER BY created_at LIMIT \(IdempotencyKey.dropsPerWrite) FOR UPDATE SKIP LOCKED))
        """)
}

extension SQLUnit {
    func claim(_ key: IdempotencyKey) async throws -> KeptAnswer? {
        let results = try await run(
            [Statement(KeySQL.lock, [key.name]), Statement(KeySQL.find, [key.name, String(key.lifetime)])])
        guard results[0].bool(0, 0) == true else { throw DomainError.keyInUse }
        let found = results[1]
        guard found.rows == 1 else { return nil }
        guard let request = found.string(0, 0), let status = found.int64(0, 1), let fields = found.string(0, 2),
            let body = found.string(0, 3)
        else { throw UnexpectedRow(table: "idempotency_keys", column: "status") }
        return KeptAnswer(request: request, status: status, fields: fields, body: body)
    }

    func keep(_ answer: KeptAnswer, for key: IdempotencyKey) async throws {
        let kept = [key.name, answer.request, String(answer.status), answer.fields, answer.body]
        _ = try await run([Statement(KeySQL.keep, kept), Statement(KeySQL.drop, [key.name, String(key.lifetime)])])
    }
}
