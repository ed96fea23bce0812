/// What a customer bought on a day. Its lines are rows of their own, which live and die with it.
public struct Order: Entity {
    public typealias Key = Int64

    public var orderDate = Day(number: 0)
    public var customerID = ID<Customer>(0)
    public var netAmount = Money(cents: 0)
    public var tax = Money(cents: 0)
    public var totalAmount = Money(cents: 0)

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
    ]
    public static let parts = Part.references(of: fields) + [Part(name: "lines", source: .lines)]
    public static let schema = Schema<Order>()

    /// So that the total of two amounts is still an amount.
    static let amountLimit = Money(cents: Money.limit.cents / 10)

    /// Selects what one customer bought.
    public static func filter(ofCustomer id: ID<Customer>) -> Query<Order>.Filter {
        Query<Order>.Filter(schema.position(of: "customer_id")!, .equal, [id.value])
    }
}

/// How much of a product an order has. A part of its order: a change of it touches what a change of the order touches.
public struct OrderLine: Record {
    public var orderID = ID<Order>(0)
    /// Counts the lines of an order from 1.
    public var lineNumber: Int64 = 0
    public var productID = ID<Product>(0)
    public var quantity: Int64 = 0

    public init() {}

    public static let resource = "order_lines"
    public static let fields: [Field<OrderLine>] = [
        Field("order_id", \.orderID, .references(Order.self)),
        Field("line_number", \.lineNumber, .range(1...1_000_000)),
        Field("product_id", \.productID, .references(Product.self)),
        Field("quantity", \.quantity, .range(quantities)),
    ]

    static let quantities: ClosedRange<Int64> = 1...1_000_000
}
