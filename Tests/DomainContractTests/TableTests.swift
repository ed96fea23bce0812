import Domain
import EventLoop
import LarderTesting
import Model
import Postgres
import PostgresStore
import Testing

/// The tables of the migrations are those that are declared.
@Suite(.enabled(if: TestServers.havePostgres, "the environment names no PostgreSQL"))
struct `Tables` {
    @Test func `have what is declared`() async throws {
        try await onLoop { loop in
            try await withPostgres(.migrations(migrations), on: loop) { pool, _ in
                let problems = try await TableCheck(declarations.schemas).problems { statement throws(PostgresError) in
                    try await pool.run(statement, deadline: loop.now + 10_000, access: .readOnly)
                }
                #expect(problems == [])
            }
        }
    }

    /// Who writes past the service keeps to them, too.
    @Test func `have the constraints that follow from the declarations, by name`() async throws {
        let (expected, found) = try await onLoop { loop in
            (try await constraints(.declared(declarations), on: loop), try await constraints(.migrations(migrations), on: loop))
        }
        #expect(found == expected, "compare with larder migrate create --resource")
    }

    /// Each with what it demands, as PostgreSQL tells it. What is beside the declarations is the migrations' own.
    private func constraints(_ tables: TestTables, on loop: Loop) async throws -> [String] {
        try await withPostgres(tables, on: loop) { pool, _ in
            let names = declarations.resources + declarations.owned.map(\.rows.table)
            let list = Statement(
                .unprepared(
                    """
                    SELECT conrelid::regclass::text || '.' || conname || ': ' || pg_get_constraintdef(oid) FROM pg_constraint \
                    WHERE connamespace = current_schema()::regnamespace \
                    AND conrelid::regclass::text = ANY (string_to_array($1, ' ')) ORDER BY 1
                    """), [names.joined(separator: " ")])
            let result = try await pool.run(list, deadline: loop.now + 10_000)
            return (0..<result.rows).compactMap { result.string($0, 0) }
        }
    }
}
