import Domain
import EventLoop
import LarderTesting
import Model
import Postgres
import Testing

@testable import PostgresStore
@testable import larder

@Suite(.enabled(if: TestServers.havePostgres, "the environment names no PostgreSQL"))
struct `Views in SQL` {
    @Test func `are there for each view of the service`() {
        let known = Set(sqlViews.map { "\($0.view.subject.resource)/\($0.view.name)" })
        #expect(known == Set(declarations.views.map { "\($0.subject.resource)/\($0.name)" }))
    }

    @Test func `name the resource whose values cannot be read`() async throws {
        try await LoopPool.shared.run { loop in
            try await withPostgres(.migrations(migrationsFolder), on: loop) { pool, _ in
                let bench = Bench(SQLStore(pool, declarations.schemas, views: sqlViews), on: loop)
                let shop = try await StockedShop(bench, products: 1)
                try await shop.place([(0, 1)], bench)
                for sql in [
                    "ALTER TABLE orders DROP CONSTRAINT orders_order_date_check", "UPDATE orders SET order_date = 'infinity'",
                ] {
                    _ = try await pool.run(Statement(.unprepared(sql)), deadline: bench.deadline)
                }
                await #expect(throws: UnreadableRow(resource: "orders", field: "order_date")) {
                    _ = try await bench.sales(of: shop.products[0].id)
                }
            }
        }
    }
}
