/// Customers, and what they bought.
public protocol CustomerRepository: Repository where E == Customer {
    /// - Returns: a ``CustomerSummary``; nil if there is no such customer.
    func summary(of id: ID<Customer>, _ context: ReadContext) async throws -> Encoded?
}

/// What a customer bought in all.
public struct CustomerSummary: Sendable, Hashable, JSONEncodable {
    public var customerID: ID<Customer>
    public var orders: Int64
    /// The sum of the orders' totals.
    public var totalSpent: MoneySum
    public var firstOrderDate: Day?
    public var lastOrderDate: Day?
    /// The name of the category of which he bought the most pieces; of several the one with the lowest id.
    public var favouriteCategory: String?

    public init(
        customerID: ID<Customer>, orders: Int64, totalSpent: MoneySum, firstOrderDate: Day?, lastOrderDate: Day?,
        favouriteCategory: String?
    ) {
        self.customerID = customerID
        self.orders = orders
        self.totalSpent = totalSpent
        self.firstOrderDate = firstOrderDate
        self.lastOrderDate = lastOrderDate
        self.favouriteCategory = favouriteCategory
    }

    /// How many products a summary depends on one by one; beyond that it depends on all of them.
    static let maximumProductTags = 64

    /// What the summary of a customer who is there depends on: himself, his orders with their lines, the products in them
    /// for their categories, and the favourite category for its name.
    public static func tags(
        of customer: ID<Customer>, products: Set<ID<Product>>, favourite: ID<Category>?
    ) -> [Tag] {
        var tags = [Customer.tag(of: customer)] + Order.tags(selectedBy: [Order.filter(ofCustomer: customer)])
        if products.count > maximumProductTags {
            tags.append(Product.setTag)
        } else {
            tags += products.sorted { $0.key < $1.key }.map(Product.tag(of:))
        }
        if let favourite { tags.append(Category.tag(of: favourite)) }
        return tags
    }

    public func encode(to json: inout JSONWriter) {
        json.object { json in
            json.key("customer_id")
            json.value(customerID.value)
            json.key("orders")
            json.integer(orders)
            json.key("total_spent")
            json.string(totalSpent.description)
            json.key("first_order_date")
            json.value(firstOrderDate.value)
            json.key("last_order_date")
            json.value(lastOrderDate.value)
            json.key("favourite_category")
            json.value(favouriteCategory.value)
        }
    }
}
