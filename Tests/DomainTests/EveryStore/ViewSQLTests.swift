import Domain
import EventLoop
import LarderTesting
import Model
import Postgres
import PostgresStore
import Testing

@testable import larder

@Suite(.enabled(if: TestServers.havePostgres, "the environment names no PostgreSQL"))
struct `Views in SQL` {
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
