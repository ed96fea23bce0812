public import Model

/// What a customer bought on a day. Its lines live and die with it.
public struct Order: Entity {
    public typealias Key = Int64

    public enum Status: String, Choice {
        case placed, cancelled
    }

    public var orderDate = Day(number: 0)
    public var customerID = ID<Customer>(0)
    public var netAmount = Money(cents: 0)
    public var tax = Money(cents: 0)
    public var totalAmount = Money(cents: 0)
    public var status = Status.placed

    public init() {}

    public mutating func derive() { totalAmount = netAmount + tax }

    public static let resource = "orders"
    public static let singular = "order"
    public static let fields: [Field<Order>] = [
        Field("order_date", \.orderDate, .indexed),
        Field("customer_id", \.customerID, .references(Customer.self)),
        Field("net_amount", \.netAmount, .amount(Money(cents: 0)...amountLimit)),
        Field("tax", \.tax, .amount(Money(cents: 0)...amountLimit)),
        Field("total_amount", \.totalAmount, .derived, .indexed),
        Field("status", \.status, .changedByActions),
    ]
    public static let owned = [
        OwnedRows(
            "lines", of: OrderLine.self, table: "order_lines", owner: ("order_id", Order.self), position: "line_number")
    ]
    public static let schema = Schema(of: Order.self)

    /// So that the total of two amounts is still an amount.
    static let amountLimit = Money(cents: Money.limit.cents / 10)
}

/// How much of a product an order has.
public struct OrderLine: Record {
    public var productID = ID<Product>(0)
    public var quantity: Int64 = 0

    public init() {}

    public init(_ product: ID<Product>, quantity: Int64) {
        productID = product
        self.quantity = quantity
    }

    public static let fields: [Field<OrderLine>] = [
        Field("product_id", \.productID, .references(Product.self)),
        Field("quantity", \.quantity, .range(1...1_000_000)),
    ]
}
