import Domain
import EventLoop
import LarderTesting
import Model
import Postgres
import Testing

/// The indexes of the migrations are those that the declarations ask for.
@Suite(.enabled(if: TestServers.havePostgres, "the environment names no PostgreSQL"))
struct `Indexes` {
    /// Each costs every write, so none is there that nobody asked for.
    @Test(arguments: EntityUnderTest.all(of: declarations))
    func `are those that the declaration asks for, and one for a query of its own`(entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ pool: PostgresPool) async throws {
            let found = try await pool.run(
                Statement(
                    .unprepared(
                        """
                        SELECT string_agg(a.attname, ' ' ORDER BY k.n) FROM pg_index i, \
                        unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, n), pg_attribute a \
                        WHERE i.indrelid = $1::regclass AND a.attrelid = i.indrelid AND a.attnum = k.attnum GROUP BY i.indexrelid
                        """), [E.resource]), deadline: pool.loop.now + 10_000)
            let indexes = Set((0..<found.rows).compactMap { found.string($0, 0) })
            let wanted = E.schema.columns.filter(\.isIndexed).map { column in
                column.name == "id" || column.rules.isUnique ? column.name : "\(column.name) id"
            }
            let own = E.self == Deployment.self ? ["application_id environment id"] : []
            #expect(indexes == Set(wanted + own))
        }
        try await onLoop { loop in
            try await withPostgres(.migrations(migrationsFolder), on: loop) { pool, _ in try await check(entity.type, pool) }
        }
    }
}
