import Domain
import Model
import Testing

@Suite struct `Cancelling an order` {
    @Test func `gives back what it took, and leaves it as it was otherwise`() async throws {
        let shop = try await Shop()
        let order = try await shop.place((1, 2), (2, 3), (1, 3)).order
        let cancelled = try await shop.cancel(order.id).order
        #expect(cancelled.status == .cancelled)
        #expect(cancelled.version == 2)
        #expect(cancelled.totalAmount == order.totalAmount)
        let products = [try await shop.product(1), try await shop.product(2)]
        #expect(products.map(\.stock) == [5, 100])
        #expect(products.map(\.sold) == [7, 7])
        #expect(try await shop.lines(of: cancelled).map(\.quantity) == [2, 3, 3])
        #expect(try await shop.row(order.id).status == .cancelled)
    }

    @Test func `is done once`() async throws {
        let shop = try await Shop()
        let order = try await shop.place((1, 2)).order
        try await shop.cancel(order.id)
        let refusal = Refusal(type: "already-cancelled", detail: "Order \(order.id) is cancelled already.")
        await #expect(throws: DomainError.refused(refusal)) { try await shop.cancel(order.id) }
        #expect(try await shop.product(1).stock == 5)
        #expect(try await shop.row(order.id).version == 2)
    }

    @Test func `touches the products, the order and the customer's orders`() async throws {
        let shop = try await Shop()
        let order = try await shop.place((1, 1), (2, 1)).order
        #expect(
            try await shop.cancel(order.id).touched == [
                "products:1", "products:2", "products", "products/category_id=1", "products/category_id=2",
                "orders:\(order.id)", "orders", "orders/customer_id=1",
            ])
    }

    @Test func `needs room in the stock, and changes nothing without`() async throws {
        let shop = try await Shop()
        let order = try await shop.place((1, 1), (2, 3)).order
        try await shop.change(ID<Product>(2)) { $0.stock = 999_999_998 }
        let refusal = Refusal(type: "stock-full", detail: "Product 2 would have more than 1000000000 in stock.")
        await #expect(throws: DomainError.refused(refusal)) { try await shop.cancel(order.id) }
        #expect(try await shop.row(order.id).status == .placed)
        #expect(try await shop.product(1).stock == 4)
        try await shop.change(ID<Product>(2)) { $0.stock = 999_999_997 }
        try await shop.cancel(order.id)
        #expect(try await shop.product(2).stock == 1_000_000_000)
    }

    @Test func `takes no more off what is sold than was counted`() async throws {
        let shop = try await Shop()
        let order = try await shop.place((2, 10)).order
        // As if the order had been imported: it never counted.
        try await shop.change(ID<Product>(2)) { $0.sold = 4 }
        try await shop.cancel(order.id)
        #expect(try await shop.product(2).sold == 0)
        #expect(try await shop.product(2).stock == 100)
    }

    @Test func `of an order without lines gives nothing back`() async throws {
        let shop = try await Shop()
        var order = Order()
        order.customerID = ID(1)
        let row = try await shop.write { [order] unit in try await unit.insert(order) }
        let cancelled = try await shop.cancel(row.id)
        #expect(cancelled.order.status == .cancelled)
        #expect(cancelled.touched == ["orders:\(row.id)", "orders", "orders/customer_id=1"])
    }
}
