internal import Bytes
internal import Postgres

/// The statements on the table that remembers what was applied.
struct MigrationTable {
    /// Quoted, with its schema: a migration may change the search path, as what `pg_dump` writes does.
    let name: String

    /// Looks for a table along the search path, as for any other one, and for the schema in which to make it.
    static let locate: SQL = """
        SELECT quote_ident(current_schema()), (
            SELECT quote_ident(n.nspname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = to_regclass($1::text))
        """

    init(_ line: MigrationLine, schema: String) { name = "\(schema).\(line.table)" }

    var create: Statement {
        let states = AppliedMigration.State.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return statement(
            """
            CREATE TABLE \(name) (
                version integer PRIMARY KEY,
                name text NOT NULL,
                checksum text NOT NULL,
                state text NOT NULL CHECK (state IN (\(states))),
                applied_at timestamptz NOT NULL,
                duration interval
            )
            """)
    }

    var select: Statement {
        statement(
            """
            SELECT version, name, checksum, state, to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                (extract(epoch FROM duration) * 1000)::bigint
            FROM \(name) ORDER BY version
            """)
    }

    /// In the transaction in which the file ran, which has lasted since `now()`.
    func noteApplied(_ file: MigrationFile) -> Statement { note(file, .finished, duration: "clock_timestamp() - now()") }

    func noteStarted(_ file: MigrationFile) -> Statement { note(file, .started) }

    func noteBaseline(_ file: MigrationFile) -> Statement { note(file, .finished) }

    func noteFinished(_ file: MigrationFile) -> Statement {
        statement(
            """
            UPDATE \(name) SET state = 'finished', duration = clock_timestamp() - applied_at, applied_at = clock_timestamp()
            WHERE version = $1
            """, ["\(file.version.number)"])
    }

    func noteReverting(_ file: MigrationFile) -> Statement {
        statement("UPDATE \(name) SET state = 'reverting' WHERE version = $1", ["\(file.version.number)"])
    }

    func forget(_ file: MigrationFile) -> Statement {
        statement("DELETE FROM \(name) WHERE version = $1", ["\(file.version.number)"])
    }

    /// There is a row already if the file was interrupted before.
    private func note(_ file: MigrationFile, _ state: AppliedMigration.State, duration: String = "NULL") -> Statement {
        statement(
            """
            INSERT INTO \(name) (version, name, checksum, state, applied_at, duration)
            VALUES ($1, $2, $3, $4, clock_timestamp(), \(duration))
            ON CONFLICT (version) DO UPDATE SET name = excluded.name, checksum = excluded.checksum,
                state = excluded.state, applied_at = excluded.applied_at, duration = excluded.duration
            """, ["\(file.version.number)", file.name, "\(file.checksum)", state.rawValue])
    }

    private func statement(_ sql: String, _ parameters: [String?] = []) -> Statement {
        Statement(.unprepared(sql), parameters)
    }
}
