internal import Domain

/// The customers with what they bought.
final class PostgresCustomers: PostgresRepository<Customer>, CustomerRepository {
    // One statement, so that all parts are of one moment. The last column is for what it depends on.
    private static let summary = SQL.pinned(
        """
        WITH o AS (SELECT id, order_date, total_amount FROM orders WHERE customer_id = $1::bigint), \
        l AS (SELECT l.product_id, l.quantity FROM o JOIN order_lines l ON l.order_id = o.id), \
        f AS (SELECT c.id, c.name FROM l JOIN products p ON p.id = l.product_id JOIN categories c ON c.id = p.category_id \
        GROUP BY c.id ORDER BY sum(l.quantity) DESC, c.id LIMIT 1) \
        SELECT (SELECT count(*) FROM o), (SELECT coalesce(sum(total_amount), 0.00) FROM o) AS total_amount, \
        (SELECT min(order_date) FROM o) AS order_date, (SELECT max(order_date) FROM o) AS order_date, \
        (SELECT name FROM f), (SELECT id FROM f), \
        (SELECT string_agg(DISTINCT product_id::text, ',') FROM l) AS products \
        FROM customers WHERE id = $1::bigint
        """)

    func summary(of id: ID<Customer>, _ context: ReadContext) async throws -> Encoded? {
        let statement = Statement(Self.summary, [id.value.sqlText])
        let result = try await store.read([statement], deadline: context.deadline)[0]
        guard result.rows == 1 else {
            context.depend(on: Customer.tag(of: id))
            return nil
        }
        func read<Value>(_ column: Int, _ read: (String) -> Value?) throws -> Value? {
            try result.optional(0, column, of: Order.resource, read)
        }
        let products = try read(6, Self.products)
        let favourite = try read(5) { Int64($0).map(ID<Category>.init) }
        context.depend(on: CustomerSummary.tags(of: id, products: products ?? [], favourite: favourite))
        return Encoded(
            CustomerSummary(
                customerID: id,
                orders: try result.required(0, 0, of: Order.resource) { Int64($0) },
                totalSpent: try result.required(0, 1, of: Order.resource) { MoneySum($0) },
                firstOrderDate: try read(2) { Day($0) },
                lastOrderDate: try read(3) { Day($0) },
                favouriteCategory: result.string(0, 4)))
    }

    /// The ids of a list; nil if one of them is none.
    private static func products(_ list: String) -> Set<ID<Product>>? {
        let parts = list.split(separator: ",")
        let ids = parts.compactMap { Int64($0).map(ID<Product>.init) }
        return ids.count == parts.count ? Set(ids) : nil
    }
}
