import Domain
import EventLoop
import LarderTesting
import Model
import Testing

/// What was sold of a product, by the months of the orders.
@Suite struct `Product sales` {
    private static func order(
        _ date: String, of customer: ID<Customer>, _ lines: [(ID<Product>, Int64)], in unit: UnitOfWork
    ) async throws -> Stored<Order> {
        var order = Order()
        order.customerID = customer
        order.orderDate = Day(date)!
        let placed = try await unit.insert(order)
        try await unit.put(lines.map { OrderLine($0, quantity: $1) }, as: "lines", of: placed)
        return placed
    }

    private static func text(_ product: ID<Product>, _ months: [String]) -> String {
        #"{"product_id":\#(product),"months":[\#(months.joined(separator: ","))]}"#
    }

    private static func month(_ name: String, _ quantity: Int, orders: Int) -> String {
        #"{"month":"\#(name)","quantity":\#(quantity),"orders":\#(orders)}"#
    }

    @Test(arguments: StoreUnderTest.all)
    func `are not there for nothing, and empty for what nobody bought`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let nothing = unusedID(of: Product.self)
            let missing = try await bench.sales(of: nothing)
            #expect(missing.text == nil)
            #expect(missing.tags == [Product.tag(of: nothing)])
            let shop = try await StockedShop(bench, products: 2)
            try await shop.place([(1, 1)], bench)
            let empty = try await bench.sales(of: shop.products[0].id)
            #expect(empty.text == Self.text(shop.products[0].id, []))
            #expect(empty.tags == [Product.tag(of: shop.products[0].id), Order.schema.setTag])
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `add up pieces and orders by month`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 2)
            let (product, other) = (shop.products[0].id, shop.products[1].id)
            let cancelled = try await bench.write { unit in
                let customers = [shop.customer.id, try await bench.samples.row(of: Customer.self, in: unit).id]
                for (date, customer, lines) in [
                    ("2026-02-28", 0, [(product, 2), (other, 50), (product, 3)]), ("2026-02-01", 1, [(product, 1)]),
                    ("2025-12-31", 0, [(product, 4)]), ("0099-01-02", 1, [(product, 1_000_000)]), ("2026-01-15", 0, [(other, 1)]),
                ] as [(String, Int, [(ID<Product>, Int64)])] {
                    _ = try await Self.order(date, of: customers[customer], lines, in: unit)
                }
                return try await Self.order("2026-02-03", of: customers[0], [(product, 7)], in: unit)
            }
            func months(_ february: String) -> String {
                Self.text(
                    product,
                    [Self.month("0099-01", 1_000_000, orders: 1), Self.month("2025-12", 4, orders: 1), february])
            }
            let reading = try await bench.sales(of: product)
            #expect(reading.text == months(Self.month("2026-02", 13, orders: 3)))
            #expect(reading.tags == [Product.tag(of: product), Order.schema.setTag])
            try await bench.write { unit in
                var value = cancelled.value
                value.status = .cancelled
                _ = try await unit.update(try #require(try await unit.find(cancelled.id)), to: value)
            }
            #expect(try await bench.sales(of: product).text == months(Self.month("2026-02", 6, orders: 2)))
        }
    }
}
