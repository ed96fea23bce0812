import Domain
import EventLoop
import LarderTesting
import Model
import Testing

/// A cancelled order gives back what it took, once.
@Suite struct `Cancelled orders` {
    private static func refusal(_ order: ID<Order>) -> DomainError {
        .refused(Refusal(type: "already-cancelled", detail: "Order \(order) is cancelled already."))
    }

    @Test(arguments: StoreUnderTest.all)
    func `give the stock back, and are not cancelled again`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 2, stock: 10)
            let other = try await shop.place([(0, 1)], bench)
            let order = try await shop.place([(0, 2), (1, 1), (0, 3)], bench)
            let cancelled = try await bench.write { try await $0.cancel(order.id) }
            #expect(cancelled.status == .cancelled && cancelled.version == 2)
            #expect(cancelled.totalAmount == order.totalAmount)
            #expect(try await bench.find(order.id).text == text(cancelled))
            for _ in 1...2 {
                #expect(try await shop.currentProducts(bench).map(\.stock) == [9, 10])
                #expect(try await shop.currentProducts(bench).map(\.sold) == [1, 0])
                try await bench.write(fails: Self.refusal(order.id)) { try await $0.cancel(order.id) }
            }
            #expect(try await bench.find(order.id).text == text(cancelled))
            #expect(try await bench.find(other.id).text == text(other))
            let quantities = try await bench.write { unit in
                let lines: [OrderLine] = try await unit.owned("lines", of: try #require(try await unit.find(order.id)))
                return lines.map(\.quantity)
            }
            #expect(quantities == [2, 1, 3], "the lines stay")
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `are cancelled once by many at the same time`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 1, stock: 10)
            let order = try await shop.place([(0, 4)], bench)
            let failures = await bench.concurrently(
                (0..<6).map { _ in { try await bench.write { _ = try await $0.cancel(order.id) } } })
            #expect(failures.map { $0 as? DomainError } == Array(repeating: Self.refusal(order.id), count: 5))
            #expect(try await shop.currentProducts(bench).map(\.stock) == [10])
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `touch themselves and the products`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 1)
            let order = try await shop.place([(0, 4)], bench)
            let touched = try await bench.write { unit in
                try await unit.cancel(order.id)
                return unit.touched
            }
            #expect(touched.isSuperset(of: [Order.tag(of: order.id), Tag("orders/customer_id=\(order.customerID)")]))
            #expect(touched.isSuperset(of: [Order.schema.setTag, Product.tag(of: shop.products[0].id)]))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `stay placed when the stock has no room`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await StockedShop(bench, products: 2, stock: 5)
            let order = try await shop.place([(0, 1), (1, 1)], bench)
            let full = try await bench.write { unit in
                let product = try #require(try await unit.find(shop.products[1].id))
                var value = product.value
                value.stock = 1_000_000_000
                return try await unit.update(product, to: value)
            }
            let detail = "Product \(full.id) would have more than 1000000000 in stock."
            try await bench.write(fails: .refused(Refusal(type: "stock-full", detail: detail))) { try await $0.cancel(order.id) }
            #expect(try await bench.find(order.id).text == text(order))
            #expect(try await shop.currentProducts(bench).map(\.stock) == [4, 1_000_000_000])
        }
    }
}
