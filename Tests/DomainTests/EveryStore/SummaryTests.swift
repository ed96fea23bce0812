import Domain
import EventLoop
import LarderTesting
import Model
import Testing

/// What a customer bought in all.
@Suite struct `Customer summaries` {
    @Test(arguments: StoreUnderTest.all)
    func `are not there for nobody, and empty for who bought nothing`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let nobody = unusedID(of: Customer.self)
            let missing = try await bench.summary(of: nobody)
            #expect(missing.text == nil)
            #expect(missing.tags == [Customer.tag(of: nobody)])

            let shop = try await StockedShop(bench, products: 1)
            let empty = try await bench.summary(of: shop.customer.id)
            #expect(empty.text == text(Self.nothing(of: shop.customer.id)))
            let id = shop.customer.id
            #expect(empty.tags == [Customer.tag(of: id), Tag("orders/customer_id=\(id)")])
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `add up the orders and name the category of most pieces`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 3)
            let customer = shop.customer.id
            var orders: [Stored<Order>] = []
            for (date, total, lines) in [
                ("2026-03-02", 1000, [(0, 2), (1, 3)]), ("2025-12-31", 50, [(0, 2), (2, 1)]), ("2026-01-01", 1, []),
            ] {
                orders.append(
                    try await bench.write { unit in
                        var order = Order()
                        order.customerID = customer
                        order.orderDate = Day(date)!
                        order.netAmount = Money(cents: Int64(total))
                        let placed = try await unit.insert(order)
                        try await unit.upsert(
                            lines: lines.enumerated().map { number, part in
                                line(placed.id, Int64(number + 1), shop.products[part.0].id, Int64(part.1))
                            })
                        return placed
                    })
            }
            // Another customer's orders are not counted.
            try await bench.write { unit in
                let other = try await bench.samples.row(of: Order.self, in: unit)
                try await unit.upsert(lines: [line(other.id, 1, shop.products[2].id, 99)])
            }
            var expected = Self.summary(
                of: customer, orders: 3, totalSpent: MoneySum(cents: 1051), firstOrderDate: Day("2025-12-31"),
                lastOrderDate: Day("2026-03-02"), favouriteCategory: nil)
            let names = try await Self.categoryNames(of: shop.products, bench)
            expected.favouriteCategory = names[0]
            let reading = try await bench.summary(of: customer)
            #expect(reading.text == text(expected))
            #expect(
                reading.tags
                    == Set(shop.products.map { Product.tag(of: $0.id) }).union([
                        Customer.tag(of: customer), Tag("orders/customer_id=\(customer)"),
                        Category.tag(of: shop.products[0].categoryID),
                    ]))

            // One piece more of the second makes two favourites, and the lower id decides.
            try await bench.write { try await $0.upsert(lines: [line(orders[2].id, 1, shop.products[1].id, 1)]) }
            #expect(try await bench.summary(of: customer).text == text(expected))
            try await bench.write { try await $0.upsert(lines: [line(orders[2].id, 1, shop.products[1].id, 2)]) }
            expected.favouriteCategory = names[1]
            #expect(try await bench.summary(of: customer).text == text(expected))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `do not count what was cancelled`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 2)
            let kept = try await shop.place([(0, 1)], bench)
            let cancelled = try await shop.place([(1, 5)], bench)
            let names = try await Self.categoryNames(of: shop.products, bench)
            var expected = Self.summary(
                of: shop.customer.id, orders: 1, totalSpent: MoneySum(cents: Int128(kept.totalAmount.cents)),
                firstOrderDate: kept.orderDate, lastOrderDate: kept.orderDate, favouriteCategory: names[0])
            #expect(try await bench.summary(of: shop.customer.id).text != text(expected))
            try await bench.write { _ = try await $0.cancel(cancelled.id) }
            #expect(try await bench.summary(of: shop.customer.id).text == text(expected))
            try await bench.write { _ = try await $0.cancel(kept.id) }
            expected = Self.nothing(of: shop.customer.id)
            #expect(try await bench.summary(of: shop.customer.id).text == text(expected))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `add up more than one amount can be`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 1)
            // The largest order that there can be.
            var order = Order()
            order.customerID = shop.customer.id
            order.netAmount = Money(cents: 9_999_999_999_999)
            order.tax = Money(cents: 9_999_999_999_999)
            let largest = order
            try await bench.write { unit in for _ in 0..<6 { _ = try await unit.insert(largest) } }
            let few = try #require(try await bench.summary(of: shop.customer.id).text)
            #expect(few.contains(#""orders":6,"total_spent":"1199999999999.88""#), "\(few)")
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `follow a product into another category`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 2)
            let order = try await shop.place([(0, 1)], bench)
            let names = try await Self.categoryNames(of: shop.products, bench)
            var expected = Self.summary(
                of: shop.customer.id, orders: 1, totalSpent: MoneySum(cents: Int128(order.totalAmount.cents)),
                firstOrderDate: order.orderDate,
                lastOrderDate: order.orderDate, favouriteCategory: names[0])
            #expect(try await bench.summary(of: shop.customer.id).text == text(expected))
            try await bench.write { unit in
                let product = try #require(try await unit.find(shop.products[0].id))
                var value = product.value
                value.categoryID = shop.products[1].categoryID
                _ = try await unit.update(product, to: value)
            }
            expected.favouriteCategory = names[1]
            #expect(try await bench.summary(of: shop.customer.id).text == text(expected))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `of many products depend on all products`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 65)
            let favourite = Category.tag(of: shop.products[0].categoryID)
            let tags: Set = [
                Customer.tag(of: shop.customer.id), Tag("orders/customer_id=\(shop.customer.id)"), favourite,
            ]
            _ = try await shop.place((0..<64).map { ($0, 1) }, bench)
            let products = Set(shop.products.prefix(64).map { Product.tag(of: $0.id) })
            #expect(try await bench.summary(of: shop.customer.id).tags == tags.union(products))

            _ = try await shop.place([(64, 1)], bench)
            #expect(try await bench.summary(of: shop.customer.id).tags == tags.union([Product.schema.setTag]))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `depend on no more tags for more orders`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 1)
            _ = try await shop.place([(0, 1)], bench)
            let tags = try await bench.summary(of: shop.customer.id).tags
            for _ in 0..<5 { _ = try await shop.place([(0, 1)], bench) }
            #expect(try await bench.summary(of: shop.customer.id).tags == tags)
        }
    }

    private static func summary(
        of customer: ID<Customer>, orders: Int64, totalSpent: MoneySum, firstOrderDate: Day?, lastOrderDate: Day?,
        favouriteCategory: String?
    ) -> CustomerSummary {
        var summary = CustomerSummary()
        summary.customerID = customer
        summary.orders = orders
        summary.totalSpent = totalSpent
        summary.firstOrderDate = firstOrderDate
        summary.lastOrderDate = lastOrderDate
        summary.favouriteCategory = favouriteCategory
        return summary
    }

    private static func nothing(of customer: ID<Customer>) -> CustomerSummary {
        summary(
            of: customer, orders: 0, totalSpent: MoneySum(), firstOrderDate: nil, lastOrderDate: nil, favouriteCategory: nil)
    }

    private static func categoryNames(of products: [Stored<Product>], _ bench: Bench) async throws -> [String] {
        try await bench.write { unit in
            var names: [String] = []
            for product in products { names.append(try #require(try await unit.find(product.categoryID)).name) }
            return names
        }
    }
}
