import Domain
import Model
import Testing

@Suite struct `The sales of a product` {
    private func sales(_ shop: Shop, of product: Int64) async throws -> String? {
        try await shop.view(ProductSales.view, of: product)?.json
    }

    @Test func `of which nothing was sold has no months`() async throws {
        let shop = try await Shop()
        try await shop.place((2, 1))
        #expect(try await sales(shop, of: 1) == #"{"product_id":1,"months":[]}"#)
        #expect(try await shop.view(ProductSales.view, of: 77) == nil)
    }

    @Test func `are added up by the months of the orders, in their order`() async throws {
        let shop = try await Shop()
        try await shop.place((2, 5), on: "2024-02-01")
        try await shop.place((2, 1), (1, 1), (2, 2), on: "2024-01-31")
        try await shop.place((2, 4), customer: 2, on: "2024-01-01")
        try await shop.place((2, 6), on: "2023-12-31")
        try await shop.place((1, 1), on: "2024-03-01")
        #expect(
            try await sales(shop, of: 2) == """
                {"product_id":2,"months":[{"month":"2023-12","quantity":6,"orders":1},{"month":"2024-01","quantity":7,"orders":2},\
                {"month":"2024-02","quantity":5,"orders":1}]}
                """)
    }

    @Test func `leave cancelled orders out`() async throws {
        let shop = try await Shop()
        let order = try await shop.place((2, 5), on: "2024-02-01").order
        try await shop.place((2, 3), on: "2024-02-29")
        try await shop.cancel(order.id)
        #expect(
            try await sales(shop, of: 2) == #"{"product_id":2,"months":[{"month":"2024-02","quantity":3,"orders":1}]}"#)
    }

    @Test func `depend on the product and on all orders`() async throws {
        #expect(try await Shop().view(ProductSales.view, of: 1)?.tags == ["products:1", "orders"])
    }
}
