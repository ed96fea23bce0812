import Domain
import EventLoop
import Model
import Postgres
import Testing

@testable import PostgresStore

/// What the database sends for a page of long rows.
@Suite(.enabled(if: TestServers.database != nil, "the environment names no PostgreSQL"))
struct `The database` {
    @Test func `sends no more of long rows than fill a page`() async throws {
        try await LoopPool.shared.run { loop in
            try await StoreUnderTest.withSchema(TestServers.database!, on: loop) { pool in
                let bench = Bench(PostgresStore(pool, declarations.schemas), on: loop)
                let ids = try await bench.write { unit in
                    var ids: [ID<Article>] = []
                    for _ in 0..<40 {
                        var article = try await bench.samples.value(of: Article.self, in: unit)
                        article.body = String(repeating: "x", count: 100_000)
                        ids.append(try await unit.insert(article).id)
                    }
                    return ids
                }
                func bytes(_ statement: Statement) async throws -> Int {
                    let result = try await pool.run(statement, deadline: bench.deadline)
                    return (0..<result.rows).reduce(0) { sum, row in
                        (0..<result.columns).reduce(sum) { $0 + (result.string(row, $1)?.utf8.count ?? 0) }
                    }
                }
                let table = TableSQL(Article.schema)
                let most = PageLimits.maximumBytes + 2 * 101_000
                var query = Query(of: Article.schema, limit: 200)
                #expect(try await bytes(QuerySQL.page(query, table)) <= most)
                query.projection = Projection(columns: [0, 1])
                #expect(try await bytes(QuerySQL.page(query, table)) <= 40 * 1_000)
                let list = ArrayLiteral.encode(ids.map { $0.value.sqlText })
                #expect(try await bytes(Statement(table.findFirst, [list])) <= most)
            }
        }
    }
}
