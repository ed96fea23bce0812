import Domain
import MemoryStore
import Model
import Testing

/// A store in memory, with two categories, two customers and three products in it.
///
/// | product | category | price | stock | sold |
/// |---|---|---|---|---|
/// | 1 | 2 | 10.99 | 5 | 7 |
/// | 2 | 1 | 0.02 | 100 | 7 |
/// | 3 | 1 | 999999999999.99 | 10 | 7 |
struct Shop {
    let store = InMemoryStore(MemoryDatabase(), now: { 0 })
    var settings = Settings()

    init() async throws {
        try await write { unit in
            try await Shop.put([(1, "Fiction"), (2, "Travel")], unit) { (category: inout Domain.Category, name) in
                category.name = name
            }
            try await Shop.put([(1, "ada"), (2, "alan")], unit) { (customer: inout Customer, name) in
                (customer.email, customer.username) = ("\(name)@example.org", name)
            }
            try await Shop.put([(1, (2, 1099, 5)), (2, (1, 2, 100)), (3, (1, Money.limit.cents, 10))], unit) {
                (product: inout Product, values: (category: Int64, cents: Int64, stock: Int64)) in
                product.categoryID = ID(values.category)
                product.price = Money(cents: values.cents)
                product.stock = values.stock
                product.sold = 7
            }
        }
    }

    private static func put<E: Entity, Content>(
        _ rows: [(id: Int64, content: Content)], _ unit: UnitOfWork, _ fill: (inout E, Content) -> Void
    ) async throws {
        let rows = rows.map { id, content in
            var value = E()
            fill(&value, content)
            return (id: Value.integer(id), fields: value.values)
        }
        try await unit.upsert(rows, into: E.schema)
    }

    func write<Result>(_ body: (UnitOfWork) async throws -> Result) async throws -> Result {
        try await store.write(deadline: 1000, body)
    }

    // MARK: Orders

    /// Places an order with these lines: how much of which product.
    ///
    /// - Returns: the order, and the tags that it touched.
    @discardableResult
    func place(
        _ lines: (product: Int64, quantity: Int64)..., customer: Int64 = 1, on date: String = "2024-10-04"
    ) async throws -> (order: Stored<Order>, touched: Set<String>) {
        var order = Order()
        order.orderDate = try #require(Day(date))
        order.customerID = ID(customer)
        let fields = order.values
        let elements = lines.map { OrderLine(ID($0.product), quantity: $0.quantity).values }
        return try await write { unit in
            let row = try await Order.place.perform(fields, elements, in: unit, settings)
            return (Stored(row), Set(unit.touched.map(\.name)))
        }
    }

    /// Cancels an order.
    @discardableResult
    func cancel(_ order: ID<Order>) async throws -> (order: Stored<Order>, touched: Set<String>) {
        try await write { unit in
            let row = try #require(try await unit.find([order.value], of: Order.schema).first)
            let cancelled = try await Order.cancel.perform(row, [], in: unit, settings)
            return (Stored(cancelled), Set(unit.touched.map(\.name)))
        }
    }

    func lines(of order: Stored<Order>) async throws -> [OrderLine] {
        try await write { unit in try await unit.owned("lines", of: order) }
    }

    func row<E: Entity>(_ id: ID<E>) async throws -> Stored<E> {
        try await write { unit in try #require(try await unit.find(id)) }
    }

    func product(_ id: Int64) async throws -> Stored<Product> { try await row(ID(id)) }

    /// Changes a row as who has it in their hands does.
    func change<E: Entity>(_ id: ID<E>, _ change: (inout E) -> Void) async throws {
        try await write { unit in
            let row = try #require(try await unit.find(id))
            var value = row.value
            change(&value)
            _ = try await unit.update(row, to: value)
        }
    }

    // MARK: Views

    /// A view as clients receive it, and the tags on which it depends; nil if there is no such row.
    func view(_ view: View, of id: Int64) async throws -> (json: String, tags: Set<String>)? {
        let context = ReadContext(deadline: 1000)
        let encoded = try await store.repository(of: view.subject).view(view, of: .integer(id), context)
        return encoded.map { (String(decoding: $0.bytes, as: UTF8.self), Set(context.tags.map(\.name))) }
    }
}
