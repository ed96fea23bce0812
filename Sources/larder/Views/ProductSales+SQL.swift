internal import Domain
internal import Model
internal import PostgresStore

extension ProductSales {
    /// The sales from the lines of the product alone. A product of which nothing was sold has one row without a month.
    static let sql = SQLView(
        view, of: Product.self, as: ProductSales.self, computedFrom: Order.self,
        """
        SELECT s.order_date, s.quantity, s.orders FROM products p LEFT JOIN LATERAL (\
        SELECT date_trunc('month', o.order_date::timestamp)::date AS order_date, sum(l.quantity)::bigint AS quantity, \
        count(DISTINCT o.id) AS orders FROM order_lines l JOIN orders o ON o.id = l.order_id \
        WHERE l.product_id = p.id AND o.status = 'placed' GROUP BY 1) s ON true \
        WHERE p.id = $1::bigint ORDER BY s.order_date
        """
    ) { product, results, context in
        let rows = results[0]
        guard rows.count > 0 else { return nil }
        context.depend(on: Order.schema.setTag)
        var sales = ProductSales()
        sales.productID = product
        for row in 0..<rows.count {
            guard let quantity: Int64 = try rows.value(row, "quantity") else { continue }
            let firstDay: Day = try rows.value(row, "order_date")
            var month = Month()
            month.month = String(firstDay.description.prefix(7))
            month.quantity = quantity
            month.orders = try rows.value(row, "orders")
            sales.months.append(month)
        }
        return sales
    }
}
