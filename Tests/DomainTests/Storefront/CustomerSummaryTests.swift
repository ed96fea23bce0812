import Domain
import Model
import Testing

@Suite struct `The summary of a customer` {
    private func summary(_ shop: Shop, of customer: Int64 = 1) async throws -> String? {
        try await shop.view(CustomerSummary.view, of: customer)?.json
    }

    @Test func `of one who bought nothing is empty`() async throws {
        #expect(
            try await summary(try await Shop()) == """
                {"customer_id":1,"orders":0,"total_spent":"0.00","first_order_date":null,"last_order_date":null,\
                "favourite_category":null}
                """)
    }

    @Test func `of nobody is none, until they come`() async throws {
        let shop = try await Shop()
        #expect(try await shop.view(CustomerSummary.view, of: 77) == nil)
    }

    @Test func `adds up the orders of that customer alone`() async throws {
        let shop = try await Shop()
        let totals = [
            try await shop.place((1, 1), (2, 1), on: "2024-10-04"), try await shop.place((2, 9), on: "2023-01-31"),
            try await shop.place((2, 1), on: "2025-02-01"),
        ].map { $0.order.totalAmount.cents }
        try await shop.place((1, 4), customer: 2, on: "2020-01-01")
        #expect(
            try await summary(shop) == """
                {"customer_id":1,"orders":3,"total_spent":"\(Money(cents: totals.reduce(0, +)))",\
                "first_order_date":"2023-01-31","last_order_date":"2025-02-01","favourite_category":"Fiction"}
                """)
    }

    @Test func `leaves cancelled orders out`() async throws {
        let shop = try await Shop()
        let kept = try await shop.place((1, 1), on: "2024-05-05").order
        let before = try await summary(shop)
        let first = try await shop.place((2, 50), on: "2020-01-01").order
        let last = try await shop.place((2, 50), on: "2030-01-01").order
        #expect(try await summary(shop)?.contains(#""favourite_category":"Fiction""#) == true)
        try await shop.cancel(first.id)
        try await shop.cancel(last.id)
        #expect(try await summary(shop) == before)
        try await shop.cancel(kept.id)
        #expect(try await summary(shop)?.contains(#""orders":0,"total_spent":"0.00","first_order_date":null"#) == true)
    }

    @Test func `counts the pieces of a category, and names the one with the lowest id on a tie`() async throws {
        let shop = try await Shop()
        // Two pieces of Travel; then as many of Fiction, in two orders; then one more of Travel.
        for (product, favourite) in [((1, 2), "Travel"), ((2, 1), "Travel"), ((2, 1), "Fiction"), ((1, 1), "Travel")]
            as [((Int64, Int64), String)]
        {
            try await shop.place((product.0, product.1))
            #expect(try await summary(shop)?.hasSuffix(#""favourite_category":"\#(favourite)"}"#) == true)
        }
    }

    @Test func `may be more than one amount can be`() async throws {
        var shop = try await Shop()
        shop.settings[Order.salesTax] = Percent("100")!
        try await shop.change(ID<Product>(3)) { $0.price = Money(cents: Money.limit.cents / 10) }
        for _ in 0..<6 { try await shop.place((3, 1)) }
        #expect(try await summary(shop)?.contains(#""total_spent":"1199999999999.88""#) == true)
    }

    @Test func `depends on the customer, their orders, the products in them and the favourite category`() async throws {
        let shop = try await Shop()
        try await shop.place((1, 2), (2, 1))
        try await shop.place((3, 0), customer: 2)
        let tags = try await shop.view(CustomerSummary.view, of: 1)?.tags
        #expect(tags == ["customers:1", "orders/customer_id=1", "products:1", "products:2", "categories:2"])
    }

    /// A reader who keeps it until one of its tags is touched never has an old one.
    @Test func `depends on something that each write touches which changes it`() async throws {
        let shop = try await Shop()
        try await shop.place((1, 1), (2, 1))
        let order = try await shop.place((2, 2)).order
        var kept = try #require(try await shop.view(CustomerSummary.view, of: 1))
        func write(_ body: (UnitOfWork) async throws -> Void) async throws {
            let touched = try await shop.write { unit in
                try await body(unit)
                return Set(unit.touched.map(\.name))
            }
            let now = try #require(try await shop.view(CustomerSummary.view, of: 1))
            #expect(now.json != kept.json, "the write was to change it")
            #expect(!touched.isDisjoint(with: kept.tags))
            kept = now
        }
        try await write { unit in
            let category = try #require(try await unit.find(ID<Domain.Category>(1)))
            var renamed = category.value
            renamed.name = "Novels"
            _ = try await unit.update(category, to: renamed)
        }
        try await write { unit in
            let product = try #require(try await unit.find(ID<Product>(2)))
            var moved = product.value
            moved.categoryID = ID(2)
            _ = try await unit.update(product, to: moved)
        }
        try await write { unit in
            let line = OwnedRow(owner: order.id.value, position: 2, values: OrderLine(ID(3), quantity: 999).values)
            try await unit.upsert([line], into: Order.schema.owned[0], of: Order.schema)
        }
        try await write { unit in
            let former = try #require(try await unit.find(order.id))
            var given = former.value
            given.customerID = ID(2)
            _ = try await unit.update(former, to: given)
        }
    }
}
