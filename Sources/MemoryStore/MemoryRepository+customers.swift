internal import Domain

extension MemoryRepository: CustomerRepository where E == Customer {
    func summary(of id: ID<Customer>, _ context: ReadContext) -> Encoded? {
        context.depend(on: Customer.tag(of: id))
        let tables = database.tables
        guard tables.row(id) != nil else { return nil }
        let ofCustomer = Query<Order>.Filter(Self.customerColumn, .equal, [id.value])
        for tag in Order.tags(selectedBy: [ofCustomer]) { context.depend(on: tag) }

        var summary = CustomerSummary(
            customerID: id, orders: 0, totalSpent: Money(cents: 0), firstOrderDate: nil, lastOrderDate: nil,
            favouriteCategory: nil)
        var pieces: [ID<Product>: Int64] = [:]
        tables.table(of: Order.self).visit([ofCustomer]) { row in
            let order = row.stored
            summary.orders += 1
            summary.totalSpent = summary.totalSpent + order.totalAmount
            summary.firstOrderDate = summary.firstOrderDate.map { min($0, order.orderDate) } ?? order.orderDate
            summary.lastOrderDate = summary.lastOrderDate.map { max($0, order.orderDate) } ?? order.orderDate
            context.depend(on: Order.linesTag(of: order.id))
            for line in tables.lines.of(order.id) { pieces[line.productID, default: 0] += line.quantity }
            return true
        }
        if pieces.count > Self.maximumProductTags {
            context.depend(on: Product.setTag)
        } else {
            for product in pieces.keys { context.depend(on: Product.tag(of: product)) }
        }
        if let favourite = Self.favourite(pieces, tables) {
            context.depend(on: Category.tag(of: favourite.id))
            summary.favouriteCategory = favourite.name
        }
        return Encoded(summary)
    }

    /// How many products a summary depends on one by one; beyond that it depends on all of them.
    private static var maximumProductTags: Int { 64 }

    private static var customerColumn: Int { Order.schema.position(of: "customer_id")! }

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
