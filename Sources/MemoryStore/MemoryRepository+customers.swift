internal import Domain

extension MemoryRepository: CustomerRepository where E == Customer {
    func summary(of id: ID<Customer>, _ context: ReadContext) -> Encoded? {
        let tables = database.tables
        guard tables.row(id) != nil else {
            context.depend(on: Customer.tag(of: id))
            return nil
        }

        var summary = CustomerSummary(
            customerID: id, orders: 0, totalSpent: MoneySum(), firstOrderDate: nil, lastOrderDate: nil,
            favouriteCategory: nil)
        var pieces: [ID<Product>: Int64] = [:]
        tables.table(of: Order.self).visit([Order.filter(ofCustomer: id)]) { row in
            let order = row.stored
            summary.orders += 1
            summary.totalSpent += order.totalAmount
            summary.firstOrderDate = summary.firstOrderDate.map { min($0, order.orderDate) } ?? order.orderDate
            summary.lastOrderDate = summary.lastOrderDate.map { max($0, order.orderDate) } ?? order.orderDate
            for line in tables.lines.of(order.id) { pieces[line.productID, default: 0] += line.quantity }
            return true
        }
        let favourite = Self.favourite(pieces, tables)
        summary.favouriteCategory = favourite?.name
        context.depend(on: CustomerSummary.tags(of: id, products: Set(pieces.keys), favourite: favourite?.id))
        return Encoded(summary)
    }

    /// The category of most of the pieces; of several the one with the lowest id.
    private static func favourite(_ pieces: [ID<Product>: Int64], _ tables: Tables) -> Stored<Category>? {
        var byCategory: [ID<Category>: Int64] = [:]
        for (product, count) in pieces {
            if let category = tables.row(product)?.categoryID { byCategory[category, default: 0] += count }
        }
        let favourite = byCategory.max { ($0.value, $1.key.key) < ($1.value, $0.key.key) }
        return favourite.flatMap { tables.row($0.key) }
    }
}
