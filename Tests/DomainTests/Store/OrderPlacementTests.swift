import Domain
import Testing

@Suite struct `Placing an order` {
    private let transaction = FakeTransaction()
    private let unit: UnitOfWork

    init() {
        unit = UnitOfWork(transaction, deadline: 1000)
        for (id, cents, stock) in [(1, 1099, 5), (2, 2, 100), (3, Money.limit.cents, 10)] as [(Int64, Int64, Int64)] {
            var row = Stored<Product>()
            row.id = ID(id)
            row.value.categoryID = ID(1)
            row.value.price = Money(cents: cents)
            row.value.stock = stock
            row.value.sold = 7
            transaction.add(row)
        }
    }

    private func placement(_ lines: (product: Int64, quantity: Int64)...) -> OrderPlacement {
        OrderPlacement(
            orderDate: Day(number: 20_000), customerID: ID(931),
            lines: lines.map { product, quantity in
                var line = OrderPlacement.Line()
                line.productID = ID(product)
                line.quantity = quantity
                return line
            },
            taxPercent: Percent("8.25")!)
    }

    @Test func `takes the prices of the products and computes tax and total`() async throws {
        let order = try await placement((1, 2), (2, 3)).place(in: unit)
        #expect(order.netAmount == Money(cents: 2204))
        #expect(order.tax == Money(cents: 182))  // 181.83
        #expect(order.totalAmount == Money(cents: 2386))
        #expect(order.customerID == ID(931))
        #expect(order.orderDate == Day(number: 20_000))
    }

    @Test func `moves pieces from stock to sold, together for all lines of a product`() async throws {
        _ = try await placement((1, 2), (2, 3), (1, 3)).place(in: unit)
        #expect(transaction.row(ID<Product>(1))?.stock == 0)
        #expect(transaction.row(ID<Product>(1))?.sold == 12)
        #expect(transaction.row(ID<Product>(2))?.stock == 97)
        #expect(transaction.row(ID<Product>(3))?.stock == 10)
    }

    @Test func `numbers the lines from 1`() async throws {
        let order = try await placement((2, 1), (1, 2), (2, 3)).place(in: unit)
        #expect(transaction.lines.map(\.orderID) == [order.id, order.id, order.id])
        #expect(transaction.lines.map(\.lineNumber) == [1, 2, 3])
        #expect(transaction.lines.map(\.productID.key) == [2, 1, 2])
        #expect(transaction.lines.map(\.quantity) == [1, 2, 3])
    }

    @Test func `locks the products first, in the order of their ids`() async throws {
        _ = try await placement((2, 1), (1, 1)).place(in: unit)
        #expect(transaction.log.first == "find products 1 2")
        #expect(transaction.log.dropFirst().map { $0.prefix(6) } == ["update", "insert", "upsert"])
    }

    @Test func `touches the products, the order and the customer's orders`() async throws {
        let order = try await placement((1, 1)).place(in: unit)
        #expect(
            Set(unit.touched.map(\.name)) == [
                "products:1", "products", "products/category_id=1", "orders:\(order.id)", "orders", "orders/customer_id=931",
            ])
    }

    @Test func `names the first product of which there is too little, and writes nothing`() async {
        await #expect(throws: DomainError.outOfStock(product: 1, wanted: 6, stock: 5)) {
            try await placement((2, 100), (1, 3), (1, 3)).place(in: unit)
        }
        #expect(transaction.log == ["find products 1 2"])
        #expect(unit.touched.isEmpty)
    }

    @Test func `names the line whose product is not there`() async {
        await #expect(throws: DomainError.missingReference(field: "lines/2/product_id", resource: "products")) {
            try await placement((2, 1), (1, 1), (77, 1), (78, 1)).place(in: unit)
        }
        #expect(unit.touched.isEmpty)
    }

    @Test func `refuses what is worth more than an order can be`() async {
        let problem = FieldProblem(pointer: "/lines", detail: "are worth at most 99999999999.99 together")
        await #expect(throws: DomainError.invalid([problem])) { try await placement((3, 1)).place(in: unit) }
        await #expect(throws: DomainError.invalid([problem])) { try await placement((3, 10)).place(in: unit) }
    }

    @Test func `refuses to sell more of a product than can be counted`() async throws {
        var row = try #require(transaction.row(ID<Product>(2)))
        row.value.sold = 999_999_990
        transaction.add(row)
        let problem = FieldProblem(pointer: "/lines", detail: "take the number sold of product 2 beyond 1000000000")
        await #expect(throws: DomainError.invalid([problem])) { try await placement((1, 1), (2, 5), (2, 6)).place(in: unit) }
        #expect(unit.touched.isEmpty)
        _ = try await placement((2, 10)).place(in: unit)
        #expect(transaction.row(ID<Product>(2))?.sold == 1_000_000_000)
    }

    @Test func `may take the last piece`() async throws {
        _ = try await placement((1, 5)).place(in: unit)
        await #expect(throws: DomainError.outOfStock(product: 1, wanted: 1, stock: 0)) {
            try await placement((1, 1)).place(in: unit)
        }
    }
}
