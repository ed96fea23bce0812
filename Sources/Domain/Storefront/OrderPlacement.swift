/// An order with lines that is to be placed: prices come from the products, stock is taken, tax and total are computed.
public struct OrderPlacement: Sendable {
    public var orderDate: Day
    public var customerID: ID<Customer>
    public var lines: [Line]
    public var taxPercent: Percent

    /// How much of a product is ordered.
    public struct Line: Record {
        public var productID = ID<Product>(0)
        public var quantity: Int64 = 0

        public init() {}

        public static let fields: [Field<Line>] = [
            Field("product_id", \.productID, .references(Product.self)),
            Field("quantity", \.quantity, .range(OrderLine.quantities)),
        ]
    }

    /// How many lines an order has at most.
    public static let maximumLines = 100

    public init(orderDate: Day, customerID: ID<Customer>, lines: [Line], taxPercent: Percent) {
        self.orderDate = orderDate
        self.customerID = customerID
        self.lines = lines
        self.taxPercent = taxPercent
    }

    /// Places the order.
    ///
    /// - Throws: ``DomainError/missingReference(field:resource:)``, ``DomainError/outOfStock(product:wanted:stock:)``, and
    ///   ``DomainError/invalid(_:)`` if it is worth or sells more than can be counted.
    public func place(in unit: UnitOfWork) async throws -> Stored<Order> {
        let products = try await unit.find(Set(lines.map(\.productID)))
        var parts: [(price: Money, quantity: Int64)] = []
        var wanted: [ID<Product>: Int64] = [:]
        for (index, line) in lines.enumerated() {
            guard let product = products.first(where: { $0.id == line.productID }) else {
                throw DomainError.missingReference(field: "lines/\(index)/product_id", resource: Product.resource)
            }
            parts.append((product.price, line.quantity))
            wanted[line.productID, default: 0] += line.quantity
        }
        guard let net = Money.total(parts), net <= Order.amountLimit else {
            throw DomainError.invalid([FieldProblem(field: "lines", "are worth at most \(Order.amountLimit) together")])
        }
        let changes = try products.map { product in
            let quantity = wanted[product.id] ?? 0
            guard product.stock >= quantity else {
                throw DomainError.outOfStock(product: product.id.key, wanted: quantity, stock: product.stock)
            }
            var value = product.value
            value.stock -= quantity
            value.sold += quantity
            guard Product.pieces.contains(value.sold) else {
                let limit = Product.pieces.upperBound
                throw DomainError.invalid([
                    FieldProblem(field: "lines", "take the number sold of product \(product.id) beyond \(limit)")
                ])
            }
            return (row: product, value: value)
        }
        var order = Order()
        order.orderDate = orderDate
        order.customerID = customerID
        order.netAmount = net
        order.tax = net.share(taxPercent)
        _ = try await unit.update(changes)
        let placed = try await unit.insert(order)
        try await unit.upsert(
            lines: lines.enumerated().map { index, line in
                var row = OrderLine()
                row.orderID = placed.id
                row.lineNumber = Int64(index + 1)
                row.productID = line.productID
                row.quantity = line.quantity
                return row
            }, of: [placed])
        return placed
    }
}
