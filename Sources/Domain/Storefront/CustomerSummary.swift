public import Model

/// What a customer bought in all.
public struct CustomerSummary: Record, Hashable {
    public var customerID = ID<Customer>(0)
    public var orders: Int64 = 0
    /// The sum of the orders' totals.
    public var totalSpent = MoneySum()
    public var firstOrderDate: Day?
    public var lastOrderDate: Day?
    /// The name of the category of which they bought the most pieces; of several the one with the lowest id.
    public var favouriteCategory: String?

    public init() {}

    public static let fields: [Field<CustomerSummary>] = [
        Field("customer_id", \.customerID, .references(Customer.self)),
        Field("orders", \.orders, .range(0...Int64.max)),
        Field("total_spent", \.totalSpent),
        Field("first_order_date", \.firstOrderDate),
        Field("last_order_date", \.lastOrderDate),
        Field("favourite_category", \.favouriteCategory, .length(1...100)),
    ]

    /// `GET /v1/customers/{id}/summary`. Cancelled orders do not count.
    public static let view = View("summary", of: Customer.self, "What a customer bought in all", as: CustomerSummary.self) {
        customer, snapshot in
        var summary = CustomerSummary()
        summary.customerID = customer.id
        let orders = try await snapshot.list(Order.self, where: Order.filter(\.customerID, customer.id))
            .filter { $0.status == .placed }
        for order in orders {
            summary.orders += 1
            summary.totalSpent += order.totalAmount
            summary.firstOrderDate = min(order.orderDate, summary.firstOrderDate ?? order.orderDate)
            summary.lastOrderDate = max(order.orderDate, summary.lastOrderDate ?? order.orderDate)
        }
        let lines = try await snapshot.owned("lines", as: OrderLine.self, of: orders).map(\.record)
        summary.favouriteCategory = try await favourite(lines.quantities, snapshot)
        return summary
    }

    private static func favourite(_ pieces: [ID<Product>: Int64], _ snapshot: Snapshot) async throws -> String? {
        var byCategory: [ID<Category>: Int64] = [:]
        for product in try await snapshot.find(Set(pieces.keys)) {
            byCategory[product.categoryID, default: 0] += pieces[product.id] ?? 0
        }
        guard let favourite = byCategory.max(by: { ($0.value, $1.key.key) < ($1.value, $0.key.key) }) else { return nil }
        return try await snapshot.find(favourite.key)?.name
    }
}
