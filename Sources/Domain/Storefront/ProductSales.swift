public import Model

/// What was sold of a product, by the months of the orders.
public struct ProductSales: Record {
    public var productID = ID<Product>(0)
    /// The months in which something was sold, in their order.
    public var months: [Month] = []

    public struct Month: Record, Hashable {
        /// As `2004-01`.
        public var month = ""
        public var quantity: Int64 = 0
        /// How many orders had it.
        public var orders: Int64 = 0

        public init() {}

        public static let fields: [Field<Month>] = [
            Field("month", \.month, .length(7...7)),
            Field("quantity", \.quantity, .range(1...Int64.max)),
            Field("orders", \.orders, .range(1...Int64.max)),
        ]
    }

    public init() {}

    public static let fields: [Field<ProductSales>] = [Field("product_id", \.productID, .references(Product.self))]
    public static let lists = [RecordList<ProductSales>("months", \.months)]

    /// `GET /v1/products/{id}/sales`. Cancelled orders do not count.
    public static let view = View("sales", of: Product.self, "What was sold of a product, by month", as: ProductSales.self) {
        product, snapshot in
        var sales = ProductSales()
        sales.productID = product.id
        let orders = try await snapshot.list(Order.self).filter { $0.status == .placed }
        let lines = try await snapshot.owned("lines", as: OrderLine.self, of: orders)
            .filter { $0.record.productID == product.id }
        let quantities = lines.reduce(into: [:]) { $0[$1.owner, default: 0] += $1.record.quantity }
        var months: [String: Month] = [:]
        for order in orders {
            guard let quantity = quantities[order.id] else { continue }
            let name = String(order.orderDate.description.prefix(7))
            var month = months[name] ?? Month()
            month.month = name
            month.quantity += quantity
            month.orders += 1
            months[name] = month
        }
        sales.months = months.values.sorted { $0.month < $1.month }
        return sales
    }
}
