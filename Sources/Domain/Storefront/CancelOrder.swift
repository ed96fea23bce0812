public import Model

extension Order {
    /// `POST /v1/orders/{id}/cancel`: gives the stock back, once.
    public static let cancel = RowAction(
        "cancel", of: Order.self, "Cancel an order: what it took from the stock is given back.",
        refuses: [alreadyCancelled, stockFull]
    ) { order, unit, _ in
        guard order.status == .placed else { throw alreadyCancelled.because("Order \(order.id) is cancelled already.") }
        let lines: [OrderLine] = try await unit.owned("lines", of: order)
        let returned = lines.quantities
        let products = try await unit.find(Set(returned.keys))
        _ = try await unit.update(
            try products.map { product in
                let quantity = returned[product.id] ?? 0
                var value = product.value
                value.stock += quantity
                // An imported order was never counted.
                value.sold = Swift.max(0, value.sold - quantity)
                guard Product.pieces.contains(value.stock) else {
                    throw stockFull.because("Product \(product.id) would have more than \(Product.pieces.upperBound) in stock.")
                }
                return (row: product, value: value)
            })
        var cancelled = order.value
        cancelled.status = .cancelled
        return try await unit.update(order, to: cancelled)
    }

    private static let alreadyCancelled = Refusal.Reason("already-cancelled", example: "Order 7 is cancelled already.")
    private static let stockFull = Refusal.Reason("stock-full", example: "Product 7 would have more than 1000000000 in stock.")
}
