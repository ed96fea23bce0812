import Domain
import Testing

/// What a transaction asks of the store, and which tags it touches.
@Suite struct `A unit of work` {
    private let transaction = FakeTransaction()
    private let unit: UnitOfWork

    init() { unit = UnitOfWork(transaction, deadline: 1000) }

    private func product(_ id: Int64, category: Int64 = 1, stock: Int64 = 5) -> Stored<Product> {
        var row = Stored<Product>()
        row.id = ID(id)
        row.value.categoryID = ID(category)
        row.value.price = Money(cents: 1000)
        row.value.stock = stock
        return row
    }

    private var touched: Set<String> { Set(unit.touched.map(\.name)) }

    @Test func `finds rows in the order of their ids, and touches nothing`() async throws {
        for id in [10, 9, 2] as [Int64] { transaction.add(product(id)) }
        let rows = try await unit.find([ID<Product>(10), ID(2), ID(9), ID(77)] as Set)
        #expect(rows.map(\.id.key) == [2, 9, 10])
        #expect(try await unit.find(ID<Product>(9))?.id == ID(9))
        #expect(try await unit.find(ID<Product>(78)) == nil)
        #expect(transaction.log == ["find products 2 9 10 77", "find products 9", "find products 78"])
        #expect(unit.touched.isEmpty)
    }

    @Test func `inserts a row with what follows from its fields, and touches it and its parts`() async throws {
        var order = Order()
        order.customerID = ID(931)
        order.netAmount = Money(cents: 100)
        order.tax = Money(cents: 8)
        let row = try await unit.insert(order)
        #expect(row.totalAmount == Money(cents: 108))
        #expect(transaction.log == ["insert orders"])
        #expect(touched == ["orders:\(row.id)", "orders", "orders/customer_id=931"])
    }

    @Test func `makes the ids of those who are not counted`() async throws {
        var gadget = Gadget()
        gadget.category = ID(5)
        let row = try await unit.insert(gadget)
        #expect(row.id.key != .zero)
        #expect(transaction.log == ["insert gadgets \(row.id)"])
        // It has no part, so no rows of a part are touched.
        #expect(touched == ["gadgets:\(row.id)", "gadgets", "gadgets/category_id=5"])
    }

    @Test func `touches what a row was and what it becomes`() async throws {
        let former = product(7, category: 1)
        var value = former.value
        value.categoryID = ID(2)
        let row = try await unit.update(former, to: value)
        #expect(row.version == 2)
        #expect(row.categoryID == ID(2))
        #expect(touched == ["products:7", "products", "products/category_id=1", "products/category_id=2"])
    }

    @Test func `updates only what changes`() async throws {
        let rows = [product(1), product(2), product(3)]
        var values = rows.map(\.value)
        values[2].stock = 4
        values[0].stock = 6
        let updated = try await unit.update(zip(rows, values).map { (row: $0, value: $1) })
        #expect(updated.map(\.id.key) == [1, 2, 3])
        #expect(updated.map(\.version) == [2, 1, 2])
        #expect(transaction.log == ["update products 1 3"])
        #expect(touched == ["products:1", "products:3", "products", "products/category_id=1"])
    }

    @Test func `asks for nothing when nothing changes`() async throws {
        let row = product(1)
        _ = try await unit.update(row, to: row.value)
        _ = try await unit.update([(row: Stored<Product>, value: Product)]())
        #expect(transaction.log.isEmpty)
        #expect(unit.touched.isEmpty)
    }

    @Test func `takes another spelling for a change`() async throws {
        var row = Stored<Domain.Category>()
        row.value.name = "caf\u{E9}"
        var value = row.value
        value.name = "cafe\u{301}"
        #expect(try await unit.update(row, to: value).version == 2)
    }

    @Test func `computes what follows before it compares`() async throws {
        var row = Stored<Order>()
        row.value.netAmount = Money(cents: 100)
        row.value.derive()
        var value = row.value
        value.totalAmount = Money(cents: 999)  // nobody gives it
        _ = try await unit.update(row, to: value)
        #expect(transaction.log.isEmpty)
    }

    @Test func `touches what a deleted row was`() async throws {
        try await unit.delete(product(7, category: 3))
        #expect(transaction.log == ["delete products 7"])
        #expect(touched == ["products:7", "products", "products/category_id=3"])
    }

    @Test func `touches what imported rows were and are`() async throws {
        transaction.add(product(7, category: 1))
        try await unit.upsert([(ID(7), product(7, category: 2).value), (ID(8), product(8, category: 3).value)])
        #expect(transaction.log == ["insert missing products 7 8", "find products 7", "update products 7"])
        #expect(
            touched == [
                "products:7", "products:8", "products", "products/category_id=1", "products/category_id=2",
                "products/category_id=3",
            ])
    }

    @Test func `imports the last of several rows with one id`() async throws {
        let values = (1...4).map { product(1, category: $0).value }
        try await unit.upsert([(ID(7), values[0]), (ID(5), values[1]), (ID(7), values[2]), (ID(6), values[3])])
        #expect(transaction.log.first == "insert missing products 5 6 7")
        #expect(transaction.row(ID<Product>(7))?.categoryID == ID(3))
        #expect(!touched.contains("products/category_id=1"))
    }

    @Test func `leaves an imported row as it is that is there already`() async throws {
        transaction.add(product(7))
        try await unit.upsert([(ID(7), product(7).value)])
        #expect(transaction.row(ID<Product>(7))?.version == product(7).version)
        #expect(touched.isEmpty)
    }

    @Test func `inserts an imported row that another deletes before it is locked`() async throws {
        transaction.ghosts[ID<Product>(7)] = 1
        try await unit.upsert([(ID(7), product(7).value), (ID(8), product(8).value)])
        #expect(
            transaction.log == [
                "insert missing products 7 8", "find products 7", "insert missing products 7", "find products",
            ])
        #expect(transaction.row(ID<Product>(7)) != nil)
        #expect(touched == ["products:7", "products:8", "products", "products/category_id=1"])
    }

    @Test func `gives up an import of rows that come and go again and again`() async throws {
        transaction.ghosts[ID<Product>(7)] = .max
        await #expect(throws: DomainError.contention) { try await unit.upsert([(ID(7), product(7).value)]) }
        #expect(transaction.log.count == 6)
    }

    @Test func `imports what follows from other fields as it is given`() async throws {
        var order = Order()
        order.netAmount = Money(cents: 100)
        order.totalAmount = Money(cents: 101)
        try await unit.upsert([(ID(7), order)])
        #expect(transaction.row(ID<Order>(7))?.totalAmount == Money(cents: 101))
    }

    @Test func `touches the orders of imported lines, and takes the last of several with one number`() async throws {
        func line(_ order: Int64, _ number: Int64, quantity: Int64) -> OrderLine {
            var line = OrderLine()
            line.orderID = ID(order)
            line.lineNumber = number
            line.quantity = quantity
            return line
        }
        for (id, customer) in [1: 931, 2: 932] as [Int64: Int64] {
            var order = Stored<Order>()
            order.id = ID(id)
            order.value.customerID = ID(customer)
            transaction.add(order)
        }
        try await unit.upsert(lines: [
            line(1, 1, quantity: 1), line(1, 2, quantity: 2), line(2, 1, quantity: 3), line(1, 1, quantity: 4),
        ])
        #expect(transaction.log == ["find orders 1 2", "upsert lines 1/2 2/1 1/1"])
        #expect(transaction.lines.map(\.quantity) == [2, 3, 4])
        #expect(touched == ["orders:1", "orders:2", "orders", "orders/customer_id=931", "orders/customer_id=932"])
    }

    @Test func `passes on why a statement failed`() async {
        transaction.failure = .duplicate(field: "name")
        await #expect(throws: DomainError.duplicate(field: "name")) { try await unit.insert(Domain.Category()) }
        await #expect(throws: DomainError.duplicate(field: "name")) { try await unit.delete(product(1)) }
        await #expect(throws: DomainError.duplicate(field: "name")) { try await unit.upsert([(ID(1), Domain.Category())]) }
        #expect(unit.deadline == 1000)
    }
}
