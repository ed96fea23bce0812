public import Model

extension Order {
    /// `POST /v1/orders` with lines: prices come from the products, stock is taken, tax and total are computed.
    public static let place = CreatingAction(
        Order.self, with: "lines", of: OrderLine.self, count: 1...100, computes: [\.netAmount, \.tax],
        "An order that takes its prices from the products, and the products from the stock. Tax and total are computed.",
        refuses: [outOfStock]
    ) { order, lines, unit, settings in
        var order = order
        let products = try await unit.find(Set(lines.map(\.productID)))
        order.netAmount = try worth(of: lines, at: products)
        order.tax = order.netAmount.share(settings[salesTax])
        _ = try await unit.update(try taking(lines, from: products))
        let placed = try await unit.insert(order)
        try await unit.put(lines, as: "lines", of: placed)
        return placed
    }

    /// The tax on orders that are placed.
    public static let salesTax = Setting(
        "SALES_TAX_PERCENT", default: Percent("8.25")!,
        expects: "a percentage from 0 to 100 with at most four decimals, such as 8.25",
        "The tax on orders that are placed with lines."
    ) { Percent($0) }

    static let outOfStock = Refusal.Reason("out-of-stock", example: "Product 7 has 1 in stock, and 3 are wanted.")

    /// What the lines are worth together.
    ///
    /// - Throws: ``DomainError/missingReference(field:resource:)``, and ``DomainError/invalid(_:)`` if it is more than an order's
    ///   amount can be.
    private static func worth(of lines: [OrderLine], at products: [Stored<Product>]) throws -> Money {
        let prices = Dictionary(uniqueKeysWithValues: products.map { ($0.id, $0.price) })
        let parts = try lines.enumerated().map { index, line in
            guard let price = prices[line.productID] else {
                throw DomainError.missingReference(field: "lines/\(index)/product_id", resource: Product.resource)
            }
            return (price: price, quantity: line.quantity)
        }
        guard let worth = Money.total(parts), worth <= amountLimit else {
            throw DomainError.invalid([FieldProblem(field: "lines", "are worth at most \(amountLimit) together")])
        }
        return worth
    }

    /// The products with less in stock and more sold.
    ///
    /// - Throws: the refusal ``outOfStock``, and ``DomainError/invalid(_:)`` if more is sold than can be counted.
    private static func taking(
        _ lines: [OrderLine], from products: [Stored<Product>]
    ) throws -> [(row: Stored<Product>, value: Product)] {
        let wanted = lines.quantities
        return try products.map { product in
            let quantity = wanted[product.id] ?? 0
            guard product.stock >= quantity else {
                throw outOfStock.because("Product \(product.id) has \(product.stock) in stock, and \(quantity) are wanted.")
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
    }
}

extension [OrderLine] {
    /// How much of each product they have together.
    var quantities: [ID<Product>: Int64] { reduce(into: [:]) { $0[$1.productID, default: 0] += $1.quantity } }
}
