internal import Domain

/// The customers with what they bought.
final class PostgresCustomers: PostgresRepository<Customer>, CustomerRepository {
    // One statement, so that all parts are of one moment. The last column is for what it depends on.
    private static let summary = SQL(
        """
        WITH o AS (SELECT id, order_date, total_amount FROM orders WHERE customer_id = $1::bigint), \
        l AS (SELECT l.product_id, l.quantity FROM o JOIN order_lines l ON l.order_id = o.id), \
        f AS (SELECT c.id, c.name FROM l JOIN products p ON p.id = l.product_id JOIN categories c ON c.id = p.category_id \
        GROUP BY c.id ORDER BY sum(l.quantity) DESC, c.id LIMIT 1) \
        SELECT (SELECT count(*) FROM o), (SELECT sum(total_amount) FROM o), (SELECT min(order_date) FROM o), \
        (SELECT max(order_date) FROM o), (SELECT name FROM f), (SELECT id FROM f), \
        (SELECT string_agg(DISTINCT product_id::text, ',') FROM l) \
        FROM customers WHERE id = $1::bigint
        """)

    func summary(of id: ID<Customer>, _ context: ReadContext) async throws -> Encoded? {
        let statement = Statement(Self.summary, [id.value.sqlText])
        let result = try await store.read([statement], deadline: context.deadline)[0]
        guard result.rows == 1 else {
            context.depend(on: Customer.tag(of: id))
            return nil
        }
        let products = result.string(0, 6)?.split(separator: ",").compactMap { Int64($0).map(ID<Product>.init) } ?? []
        context.depend(
            on: CustomerSummary.tags(of: id, products: Set(products), favourite: result.int64(0, 5).map(ID<Category>.init)))
        return Encoded(
            CustomerSummary(
                customerID: id,
                orders: result.int64(0, 0) ?? 0,
                totalSpent: result.string(0, 1).flatMap { Money($0) } ?? Money(cents: 0),
                firstOrderDate: result.string(0, 2).flatMap { Day($0) },
                lastOrderDate: result.string(0, 3).flatMap { Day($0) },
                favouriteCategory: result.string(0, 4)))
    }
}
