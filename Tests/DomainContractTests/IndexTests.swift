import Domain
import EventLoop
import LarderTesting
import Model
import Postgres
import Testing

@testable import PostgresStore

/// The indexes of the migrations are those that the declarations ask for.
@Suite(.enabled(if: TestServers.havePostgres, "the environment names no PostgreSQL"))
struct `Indexes` {
    /// A pool that reads a whole table only where no index can do it. Then a plan shows what an index can do, whatever is in the
    /// tables.
    ///
    /// - Parameter sorts: whether it may sort where an index could have done it.
    private func withPool(sorts: Bool = true, _ body: @escaping @Sendable (PostgresPool) async throws -> Void) async throws {
        let options = ["seqscan", "bitmapscan"] + (sorts ? [] : ["sort"])
        try await onLoop { loop in
            try await withPostgres(
                .migrations(migrations), options: options.map { "-cenable_\($0)=off" }, on: loop
            ) { pool, _ in try await body(pool) }
        }
    }

    private static func plan(_ statement: Statement, _ pool: PostgresPool) async throws -> String {
        let explain = Statement(.unprepared("EXPLAIN (COSTS off) \(statement.sql)"), statement.parameters)
        let lines = try await pool.run(explain, deadline: pool.loop.now + 10_000)
        return (0..<lines.rows).compactMap { lines.string($0, 0) }.joined(separator: "\n")
    }

    /// A row as it might be the last of a page.
    private static func someRow(of schema: Schema) -> Row {
        declarations.samples.row(1, of: schema, at: Timestamp(microseconds: 1_700_000_000_000_000))
    }

    @Test(arguments: EntityUnderTest.all(of: declarations))
    func `serve lists sorted by what has one, page by page`(entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ pool: PostgresPool) async throws {
            let table = TableSQL(E.schema)
            for (position, column) in E.schema.columns.enumerated() where column.isIndexed {
                for isDescending in [false, true] {
                    var query = Query(of: E.schema, sort: [.init(column: position, isDescending: isDescending)])
                    let first = try await Self.plan(QuerySQL.list(query, table, columns: "id", limit: 51), pool)
                    query.cursor = query.cursor(after: Self.someRow(of: E.schema))
                    let next = try await Self.plan(QuerySQL.list(query, table, columns: "id", limit: 51), pool)
                    for plan in [first, next] {
                        // What is equal is sorted by id, which is no work where no two are equal.
                        let isUnique = column.rules.isUnique
                        #expect(plan.contains("Sort") == isUnique && plan.contains("Incremental Sort") == isUnique, "\(plan)")
                        #expect(plan.contains("Index") && !plan.contains("Seq Scan"), "\(E.resource) by \(column.name): \(plan)")
                    }
                    #expect(next.contains("Index Cond"), "\(E.resource) by \(column.name) after a row: \(next)")
                }
            }
        }
        try await withPool(sorts: false) { try await check(entity.type, $0) }
    }

    @Test(arguments: EntityUnderTest.all(of: declarations))
    func `serve lists and counts filtered by what has one`(entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ pool: PostgresPool) async throws {
            let row = Self.someRow(of: E.schema)
            let table = TableSQL(E.schema)
            for (position, column) in E.schema.columns.enumerated() where column.isIndexed {
                for comparison in [Query.Comparison.equal, .less, .greaterOrEqual, .isIn] {
                    let filter = Query.Filter(position, comparison, [row.values[position]])
                    let query = Query(of: E.schema, filters: [filter], sort: [.init(column: position, isDescending: false)])
                    for statement in [QuerySQL.list(query, table, columns: "id", limit: 51), QuerySQL.count([filter], table)] {
                        let plan = try await Self.plan(statement, pool)
                        #expect(plan.contains("Index Cond"), "\(E.resource) with \(column.name) \(comparison): \(plan)")
                    }
                }
            }
        }
        try await withPool { try await check(entity.type, $0) }
    }

    /// Or a delete reads all rows that might refer to the row.
    @Test func `begin with the columns of each foreign key`() async throws {
        try await withPool { pool in
            let missing = try await pool.run(
                Statement(
                    .unprepared(
                        """
                        SELECT conname FROM pg_constraint c \
                        WHERE contype = 'f' AND connamespace = current_schema()::regnamespace AND NOT EXISTS (\
                        SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indisvalid AND i.indpred IS NULL \
                        AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)
                        """)), deadline: pool.loop.now + 10_000)
            #expect((0..<missing.rows).map { missing.string($0, 0) } == [])
        }
    }
}
