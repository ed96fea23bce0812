internal import Domain
internal import Model
internal import PostgresStore

extension CustomerSummary {
    /// The summary in one statement, so that all parts are of one moment. Its last two columns are for what it depends on.
    static let sql = SQLView(
        view, of: Customer.self, as: CustomerSummary.self, computedFrom: Order.self,
        """
        WITH o AS (SELECT id, order_date, total_amount FROM orders WHERE customer_id = $1::bigint AND status = 'placed'), \
        l AS (SELECT l.product_id, l.quantity FROM o JOIN order_lines l ON l.order_id = o.id), \
        f AS (SELECT c.id, c.name FROM l JOIN products p ON p.id = l.product_id JOIN categories c ON c.id = p.category_id \
        GROUP BY c.id ORDER BY sum(l.quantity) DESC, c.id LIMIT 1) \
        SELECT (SELECT count(*) FROM o) AS orders, (SELECT coalesce(sum(total_amount), 0.00) FROM o) AS total_amount, \
        (SELECT min(order_date) FROM o) AS first_order_date, (SELECT max(order_date) FROM o) AS last_order_date, \
        (SELECT name FROM f) AS favourite, (SELECT id FROM f) AS favourite_id, \
        (SELECT string_agg(DISTINCT product_id::text, ',') FROM l) AS products \
        FROM customers WHERE id = $1::bigint
        """
    ) { customer, results, context in
        let row = results[0]
        guard row.count == 1 else { return nil }
        context.depend(on: Order.schema.tags(selectedBy: [Order.filter(\.customerID, customer)]))
        context.depend(on: Product.schema.tags(showing: try products(row)))
        if let favourite: ID<Category> = try row.value(0, "favourite_id") { context.depend(on: Category.tag(of: favourite)) }
        var summary = CustomerSummary()
        summary.customerID = customer
        summary.orders = try row.value(0, "orders")
        summary.totalSpent = try row.value(0, "total_amount")
        summary.firstOrderDate = try row.value(0, "first_order_date", from: "order_date")
        summary.lastOrderDate = try row.value(0, "last_order_date", from: "order_date")
        summary.favouriteCategory = try row.value(0, "favourite")
        return summary
    }

    private static func products(_ row: SQLRows) throws -> [Value] {
        let list: String? = try row.value(0, "products")
        return list?.split(separator: ",").compactMap { Product.schema.id($0) } ?? []
    }
}
