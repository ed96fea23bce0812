import Domain
import EventLoop
import LarderTesting
import Model
import Testing

/// Lines live and die with their order, and hold on to their products.
@Suite struct `Order lines` {
    @Test(arguments: StoreUnderTest.all)
    func `need their order and their product`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 1)
            let order = try await bench.write { try await bench.samples.row(of: Order.self, in: $0) }
            try await bench.write(fails: .missingReference(field: "order_id", resource: "orders")) { unit in
                try await unit.upsert(lines: [line(unusedID(of: Order.self), 1, shop.products[0].id, 1)])
            }
            try await bench.write(fails: .missingReference(field: "product_id", resource: "products")) { unit in
                try await unit.upsert(lines: [line(order.id, 1, unusedID(of: Product.self), 1)])
            }
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `keep their products`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 2)
            let order = try await bench.write { unit in
                let order = try await bench.samples.row(of: Order.self, in: unit)
                try await unit.upsert(lines: [line(order.id, 1, shop.products[0].id, 1)])
                return order
            }
            try await bench.write(fails: .stillReferenced(by: "orders")) { try await $0.delete(shop.products[0]) }
            // Another product takes the place of the first on the same line.
            try await bench.write { try await $0.upsert(lines: [line(order.id, 1, shop.products[1].id, 1)]) }
            try await bench.write(fails: .stillReferenced(by: "orders")) { try await $0.delete(shop.products[1]) }
            try await bench.write { try await $0.delete(shop.products[0]) }
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `go with their order`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 2)
            let (order, other) = try await bench.write { unit in
                let orders = [
                    try await bench.samples.row(of: Order.self, in: unit), try await bench.samples.row(of: Order.self, in: unit),
                ]
                try await unit.upsert(lines: (1...20).map { line(orders[0].id, $0, shop.products[0].id, $0) })
                try await unit.upsert(lines: [line(orders[1].id, 1, shop.products[1].id, 1)])
                return (orders[0], orders[1])
            }
            try await bench.write { try await $0.delete(order) }
            try await bench.write { try await $0.delete(shop.products[0]) }
            try await bench.write(fails: .stillReferenced(by: "orders")) { try await $0.delete(shop.products[1]) }
            // An order that comes back comes without them.
            try await bench.write { try await $0.upsert([(order.id, order.value)]) }
            let summary = try await bench.summary(of: order.customerID).text
            #expect(summary?.hasSuffix(#""favourite_category":null}"#) == true)
            #expect(try await bench.find(other.id).text == text(other))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `count once if one number comes twice, as the last says`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 2)
            try await bench.write { unit in
                let order = try await bench.samples.row(of: Order.self, in: unit)
                try await unit.upsert(
                    lines: [line(order.id, 1, shop.products[0].id, 1), line(order.id, 1, shop.products[1].id, 1)])
            }
            try await bench.write { try await $0.delete(shop.products[0]) }
            try await bench.write(fails: .stillReferenced(by: "orders")) { try await $0.delete(shop.products[1]) }
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `that are there already touch nothing`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 1)
            let product = shop.products[0].id
            let orders = [try await shop.place([(0, 1), (0, 2)], bench), try await shop.place([(0, 3)], bench)]
            let touched = try await bench.write { unit in
                try await unit.upsert(lines: [line(orders[0].id, 2, product, 2), line(orders[1].id, 1, product, 3)])
                return unit.touched
            }
            #expect(touched.isEmpty)
            let some = try await bench.write { unit in
                try await unit.upsert(lines: [line(orders[0].id, 2, product, 2), line(orders[1].id, 1, product, 4)])
                return unit.touched
            }
            #expect(some.contains(Order.tag(of: orders[1].id)))
            #expect(!some.contains(Order.tag(of: orders[0].id)))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `are read by order and number, as the unit wrote them`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 2)
            let (first, second) = (shop.products[0].id, shop.products[1].id)
            let (a, b) = (try await shop.place([(0, 1), (1, 2)], bench), try await shop.place([(1, 3)], bench))
            try await bench.write { unit in
                let added = [line(b.id, 3, second, 5), line(a.id, 1, second, 9), line(b.id, 2, first, 4)]
                try await unit.upsert(lines: added)
                let expected = [
                    line(a.id, 1, second, 9), line(a.id, 2, second, 2), line(b.id, 1, second, 3), line(b.id, 2, first, 4),
                    line(b.id, 3, second, 5),
                ]
                let owners = [b.id.value, a.id.value, unusedID(of: Order.self).value]
                #expect(try await unit.owned(Order.lines, by: owners, of: Order.schema) == expected)
                #expect(try await unit.owned(Order.lines, by: [], of: Order.schema) == [])
                let order = try #require(try await unit.find(b.id))
                let lines: [OrderLine] = try await unit.owned("lines", of: order)
                #expect(lines.map(\.quantity) == [3, 4, 5])
            }
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `touch what their order touches`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 1)
            let order = try await bench.write { try await bench.samples.row(of: Order.self, in: $0) }
            let touched = try await bench.write { unit in
                try await unit.upsert(lines: [line(order.id, 1, shop.products[0].id, 1)])
                return unit.touched
            }
            let tags = [Order.tag(of: order.id), Order.schema.setTag, Tag("orders/customer_id=\(order.customerID)")]
            #expect(touched == Set(tags))
            let gone = try await bench.write { unit in
                try await unit.delete(order)
                return unit.touched
            }
            #expect(gone == Set(tags), "with its lines")
        }
    }
}

/// Orders with lines: prices, stock and totals in one transaction.
@Suite struct `Placed orders` {
    @Test(arguments: StoreUnderTest.all)
    func `take stock and compute what they cost`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 2, stock: 10)
            let order = try await shop.place([(0, 2), (1, 1), (0, 3)], bench)
            // 5 times 10.00 and once 10.01, and 8.25 % of it.
            #expect(order.netAmount == Money(cents: 6001))
            #expect(order.tax == Money(cents: 495))
            #expect(order.totalAmount == Money(cents: 6496))
            #expect(order.customerID == shop.customer.id)
            #expect(try await bench.find(order.id).text == text(order))
            let products = try await shop.currentProducts(bench)
            #expect(products.map(\.stock) == [5, 9])
            #expect(products.map(\.sold) == [5, 1])
            try await bench.write(fails: .stillReferenced(by: "orders")) { try await $0.delete(products[0]) }
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `change nothing when a product lacks stock`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 3, stock: 4)
            let detail = "Product \(shop.products[1].id) has 4 in stock, and 5 are wanted."
            let lacking = DomainError.refused(Refusal(type: "out-of-stock", detail: detail))
            try await bench.write(fails: lacking) { unit in
                _ = try await shop.placement([(0, 1), (1, 3), (2, 1), (1, 2)]).place(in: unit)
            }
            try await shop.expectUntouched(bench)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `change nothing when a product or the customer is not there`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 1, stock: 4)
            var placement = shop.placement([(0, 1), (0, 1)])
            placement.lines[1].productID = unusedID(of: Product.self)
            let incomplete = placement
            try await bench.write(fails: .missingReference(field: "lines/1/product_id", resource: "products")) { unit in
                _ = try await incomplete.place(in: unit)
            }
            placement = shop.placement([(0, 1)])
            placement.order.customerID = unusedID(of: Customer.self)
            let anonymous = placement
            try await bench.write(fails: .missingReference(field: "customer_id", resource: "customers")) { unit in
                _ = try await anonymous.place(in: unit)
            }
            try await shop.expectUntouched(bench)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `never sell more than there is`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 2, stock: 5)
            let failures = await bench.concurrently(
                (0..<12).map { number in
                    { _ = try await shop.place(number % 2 == 0 ? [(0, 1), (1, 1)] : [(1, 1), (0, 1)], bench) }
                })
            #expect(failures.count == 7)
            for failure in failures {
                guard case .refused(let refusal) = failure as? DomainError, refusal.type == "out-of-stock" else {
                    Issue.record("\(failure)")
                    continue
                }
            }
            #expect(try await shop.currentProducts(bench).map(\.stock) == [0, 0])
            try await bench.expect(5, of: Order.self)
        }
    }
}
