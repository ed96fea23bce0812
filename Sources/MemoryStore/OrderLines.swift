internal import Domain

/// The lines of all orders. They have no id of their own: an order and a number name one.
struct OrderLines: Sendable {
    private struct Key: Ordered {
        let order: Int64
        let number: Int64

        static func isOrderedBefore(_ a: Key, _ b: Key) -> Bool { (a.order, a.number) < (b.order, b.number) }
    }

    private var lines = SortedMap<Key, OrderLine>()
    /// How many lines each product has; none has 0.
    private var counts = SortedMap<Value, Int>()

    /// The lines of an order, by their numbers.
    func of(_ order: ID<Order>) -> [OrderLine] {
        let start = lines.firstIndex { $0.order >= order.key }
        return lines[start...].prefix { $0.key.order == order.key }.map(\.payload)
    }

    func refer(to product: ID<Product>) -> Bool { counts[product.value] != nil }

    /// Inserts a line, or replaces the one with its number.
    ///
    /// - Returns: whether it is new, or another one than before.
    mutating func put(_ line: OrderLine) -> Bool {
        let key = Key(order: line.orderID.key, number: line.lineNumber)
        if let former = lines[key] {
            if (former.productID, former.quantity) == (line.productID, line.quantity) { return false }
            count(former, -1)
        }
        lines.put(line, at: key)
        count(line, 1)
        return true
    }

    mutating func removeAll(of order: ID<Order>) {
        for line in of(order) {
            lines.remove(Key(order: line.orderID.key, number: line.lineNumber))
            count(line, -1)
        }
    }

    private mutating func count(_ line: OrderLine, _ change: Int) {
        let product = line.productID.value
        let count = (counts[product] ?? 0) + change
        if count == 0 { counts.remove(product) } else { counts.put(count, at: product) }
    }
}
