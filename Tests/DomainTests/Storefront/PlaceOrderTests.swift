import Domain
import Model
import Testing

@Suite struct `Placing an order` {
    @Test func `takes the prices of the products and computes tax and total`() async throws {
        let shop = try await Shop()
        let order = try await shop.place((1, 2), (2, 3), customer: 2, on: "2024-10-04").order
        #expect(order.netAmount == Money(cents: 2204))
        #expect(order.tax == Money(cents: 182))  // 181.83
        #expect(order.totalAmount == Money(cents: 2386))
        #expect(order.status == .placed)
        #expect(order.customerID == ID(2))
        #expect(order.orderDate == Day("2024-10-04"))
        #expect(try await shop.row(order.id).totalAmount == order.totalAmount)
    }

    @Test(arguments: [("0", 0), ("8.25", 182), ("19", 419), ("100", 2204)] as [(String, Int64)])
    func `follows the sales tax of the service`(percent: String, cents: Int64) async throws {
        var shop = try await Shop()
        shop.settings[Order.salesTax] = try #require(Percent(percent))
        let order = try await shop.place((1, 2), (2, 3)).order
        #expect(order.tax == Money(cents: cents))
        #expect(order.totalAmount == Money(cents: 2204 + cents))
    }

    @Test func `moves pieces from stock to sold, together for all lines of a product`() async throws {
        let shop = try await Shop()
        try await shop.place((1, 2), (2, 3), (1, 3))
        let products = [try await shop.product(1), try await shop.product(2), try await shop.product(3)]
        #expect(products.map(\.stock) == [0, 97, 10])
        #expect(products.map(\.sold) == [12, 10, 7])
        #expect(products.map(\.version) == [2, 2, 1])
    }

    @Test func `numbers the lines from 1, as they were given`() async throws {
        let shop = try await Shop()
        let order = try await shop.place((2, 1), (1, 2), (2, 3)).order
        let lines = try await shop.lines(of: order)
        #expect(lines.map(\.productID.key) == [2, 1, 2])
        #expect(lines.map(\.quantity) == [1, 2, 3])
        let owned = try await shop.write { unit in
            try await unit.owned(Order.schema.owned[0], by: [order.id.value], of: Order.schema)
        }
        #expect(owned.map(\.position) == [1, 2, 3])
    }

    @Test func `touches the products, the order and the customer's orders`() async throws {
        let placed = try await Shop().place((1, 1))
        #expect(
            placed.touched == [
                "products:1", "products", "products/category_id=2", "orders:\(placed.order.id)", "orders", "orders/customer_id=1",
            ])
    }

    @Test func `may take the last piece`() async throws {
        let shop = try await Shop()
        try await shop.place((1, 5))
        let refusal = Refusal(type: "out-of-stock", detail: "Product 1 has 0 in stock, and 1 are wanted.")
        await #expect(throws: DomainError.refused(refusal)) { try await shop.place((1, 1)) }
    }

    @Test func `names the first product of which there is too little, and writes nothing`() async throws {
        let shop = try await Shop()
        let refusal = Refusal(type: "out-of-stock", detail: "Product 1 has 5 in stock, and 6 are wanted.")
        await #expect(throws: DomainError.refused(refusal)) { try await shop.place((2, 101), (1, 3), (1, 3)) }
        #expect(try await shop.product(1).version == 1)
        #expect(try await shop.product(2).version == 1)
        #expect(try await shop.write { unit in try await unit.first(Order.self) } == nil)
    }

    @Test func `names the line whose product is not there`() async throws {
        let shop = try await Shop()
        await #expect(throws: DomainError.missingReference(field: "lines/2/product_id", resource: "products")) {
            try await shop.place((2, 1), (1, 1), (77, 1), (78, 1))
        }
        #expect(try await shop.product(1).stock == 5)
    }

    @Test func `needs a customer who is there, and takes nothing from the stock without`() async throws {
        let shop = try await Shop()
        await #expect(throws: DomainError.missingReference(field: "customer_id", resource: "customers")) {
            try await shop.place((1, 1), customer: 3)
        }
        #expect(try await shop.product(1).stock == 5)
    }

    @Test func `refuses what is worth more than an order can be`() async throws {
        let shop = try await Shop()
        let problem = FieldProblem(pointer: "/lines", detail: "are worth at most 99999999999.99 together")
        await #expect(throws: DomainError.invalid([problem])) { try await shop.place((3, 1)) }
        await #expect(throws: DomainError.invalid([problem])) { try await shop.place((3, 10)) }
        // Up to that, whatever the tax: the total is an amount still.
        let limit = Money(cents: Money.limit.cents / 10)
        try await shop.change(ID<Product>(3)) { $0.price = limit }
        var taxed = shop
        taxed.settings[Order.salesTax] = Percent("100")!
        #expect(try await taxed.place((3, 1)).order.totalAmount == Money(cents: 2 * limit.cents))
        await #expect(throws: DomainError.invalid([problem])) { try await shop.place((3, 1), (2, 1)) }
    }

    @Test func `refuses to sell more of a product than can be counted`() async throws {
        let shop = try await Shop()
        try await shop.change(ID<Product>(2)) { $0.sold = 999_999_990 }
        let problem = FieldProblem(pointer: "/lines", detail: "take the number sold of product 2 beyond 1000000000")
        await #expect(throws: DomainError.invalid([problem])) { try await shop.place((1, 1), (2, 5), (2, 6)) }
        #expect(try await shop.product(1).stock == 5)
        try await shop.place((2, 10))
        #expect(try await shop.product(2).sold == 1_000_000_000)
    }

    @Test func `asks for what a body has to give`() {
        #expect(Order.place.member == "lines")
        #expect(Order.place.count == 1...100)
        #expect(Order.place.columns.map(\.name) == ["product_id", "quantity"])
        #expect(Order.place.computed.map { Order.schema.columns[$0].name }.sorted() == ["net_amount", "tax"])
    }

    @Test(arguments: ["-1", "101", "8,25", "", "8.12345"])
    func `does not take what is no tax`(text: String) {
        #expect(Order.salesTax.read(text) == nil)
        #expect(Order.salesTax.defaultText == "8.25")
        #expect(Order.salesTax.read("7.50")?.text == "7.5")
    }
}

@Suite struct `An order` {
    @Test func `has a total that follows from its amounts`() {
        var order = Order()
        order.netAmount = Money(cents: 3184)
        order.tax = Money(cents: 263)
        order.derive()
        #expect(order.totalAmount == Money(cents: 3447))
    }

    @Test func `is given neither its total nor its status`() {
        let given = Order.schema.columns.filter(\.isGiven).map(\.name)
        #expect(given == ["order_date", "customer_id", "net_amount", "tax"])
        #expect(Order(values: Order.schema.blankFields).status == .placed)
    }
}
