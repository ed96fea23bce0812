import Model
import Testing

/// What a transaction asks of the store, and which tags it touches.
@Suite struct `A unit of work` {
    private let transaction = FakeTransaction()
    private let unit: UnitOfWork

    init() { unit = UnitOfWork(transaction, deadline: 1000) }

    private var touched: Set<String> { Set(unit.touched.map(\.name)) }

    @Test func `finds rows in the order of their ids, and touches nothing`() async throws {
        for id in [10, 9, 2] as [Int64] { transaction.add(Jar.stored(id)) }
        let rows = try await unit.find([ID<Jar>(10), ID(2), ID(9), ID(77)] as Set)
        #expect(rows.map(\.id.key) == [2, 9, 10])
        #expect(try await unit.find(ID<Jar>(9))?.id == ID(9))
        #expect(try await unit.find(ID<Jar>(78)) == nil)
        #expect(try await unit.find([] as Set<ID<Jar>>).isEmpty)
        #expect(transaction.log == ["find jars 2 9 10 77", "find jars 9", "find jars 78"])
        #expect(unit.touched.isEmpty)
    }

    @Test func `asks for each row once`() async throws {
        _ = try await unit.find([.integer(3), .integer(1), .integer(3)], of: Jar.schema)
        #expect(transaction.log == ["find jars 1 3"])
    }

    @Test func `lists rows, and touches nothing`() async throws {
        for id in 1...5 as ClosedRange<Int64> { transaction.add(Jar.stored(id, shelf: id % 2) { $0.grams = 10 - id }) }
        let odd = Jar.filter(\.shelf, ID(1))
        #expect(try await unit.list(Jar.self, where: odd, sort: [Jar.sortKey(\.grams)], limit: 9).map(\.id.key) == [5, 3, 1])
        #expect(try await unit.list(Jar.self, where: odd, limit: 2).map(\.id.key) == [1, 3])
        let first = try await unit.first(Jar.self, sort: [Jar.sortKey(\.grams)])
        #expect(first?.id == ID(5))
        #expect(try await unit.first(Jar.self, where: Jar.filter(\.shelf, ID(9))) == nil)
        #expect(unit.touched.isEmpty)
    }

    @Test func `decides nothing by a row that cannot be read, but replaces and deletes it`() async throws {
        var row = Jar.stored(7).row
        row.unreadable = [Jar.schema.position(of: "grams")!]
        transaction.add(row, to: Jar.schema)
        let error = UnreadableRow(resource: "jars", id: "7", field: "grams")
        await #expect(throws: error) { try await unit.find(ID<Jar>(7)) }
        await #expect(throws: error) { try await unit.list(Jar.self, limit: 9) }
        let found = try await unit.find([.integer(7)], of: Jar.schema)[0]
        // The same values are a change: those that are there are others.
        #expect(try await unit.update([(found, Array(found.fields))], of: Jar.schema)[0].unreadable.isEmpty)
        #expect(transaction.log.last == "update jars 7")
        try await unit.delete(found, of: Jar.schema)
        #expect(transaction.row(ID<Jar>(7)) == nil)
    }

    @Test func `inserts a row with what follows from its fields, and touches it and its parts`() async throws {
        var gadget = Gadget()
        (gadget.shelf, gadget.price, gadget.pieces) = (ID(5), Money(cents: 100), 3)
        let row = try await unit.insert(gadget)
        #expect(row.total == Money(cents: 300))
        #expect(row.id.key != .zero)
        #expect(transaction.log == ["insert gadgets \(row.id)"])
        // It has no part, so no rows of a part are touched.
        #expect(touched == ["gadgets:\(row.id)", "gadgets", "gadgets/shelf_id=5"])
    }

    @Test func `leaves the ids to the store where it counts the rows`() async throws {
        let row = try await unit.insert(Jar.stored(0, shelf: 5).value)
        #expect(transaction.log == ["insert jars"])
        #expect(touched == ["jars:\(row.id)", "jars", "jars/shelf_id=5"])
    }

    @Test func `touches what a row was and what it becomes`() async throws {
        let former = Jar.stored(7, shelf: 1)
        var value = former.value
        value.shelf = ID(2)
        let row = try await unit.update(former, to: value)
        #expect(row.version == 2)
        #expect(row.shelf == ID(2))
        #expect(touched == ["jars:7", "jars", "jars/shelf_id=1", "jars/shelf_id=2"])
    }

    @Test func `updates only what changes`() async throws {
        let rows = [Jar.stored(1), Jar.stored(2), Jar.stored(3)]
        var values = rows.map(\.value)
        values[2].grams = 4
        values[0].grams = 6
        let updated = try await unit.update(zip(rows, values).map { (row: $0, value: $1) })
        #expect(updated.map(\.id.key) == [1, 2, 3])
        #expect(updated.map(\.version) == [2, 1, 2])
        #expect(transaction.log == ["update jars 1 3"])
        #expect(touched == ["jars:1", "jars:3", "jars", "jars/shelf_id=3"])
    }

    @Test func `asks for nothing when nothing changes`() async throws {
        let row = Jar.stored(1)
        _ = try await unit.update(row, to: row.value)
        _ = try await unit.update([(row: Stored<Jar>, value: Jar)]())
        #expect(transaction.log.isEmpty)
        #expect(unit.touched.isEmpty)
    }

    @Test func `takes another spelling for a change`() async throws {
        let row = Jar.stored(1) { $0.label = "caf\u{E9}" }
        var value = row.value
        value.label = "cafe\u{301}"
        #expect(try await unit.update(row, to: value).version == 2)
    }

    @Test func `computes what follows before it compares`() async throws {
        let row = Gadget.stored(1) { $0.derive() }
        var value = row.value
        value.total = Money(cents: 999)  // nobody gives it
        _ = try await unit.update(row, to: value)
        #expect(transaction.log.isEmpty)
    }

    @Test func `touches what a deleted row was`() async throws {
        try await unit.delete(Jar.stored(7))
        #expect(transaction.log == ["delete jars 7"])
        #expect(touched == ["jars:7", "jars", "jars/shelf_id=3"])
    }

    @Test func `passes on why a statement failed`() async {
        transaction.failure = .duplicate(field: "name")
        await #expect(throws: DomainError.duplicate(field: "name")) { try await unit.insert(Shelf()) }
        await #expect(throws: DomainError.duplicate(field: "name")) { try await unit.delete(Jar.stored(1)) }
        await #expect(throws: DomainError.duplicate(field: "name")) {
            try await unit.upsert([(.integer(1), Shelf().values)], into: Shelf.schema)
        }
        #expect(unit.touched.isEmpty)
        #expect(unit.deadline == 1000)
    }

    // MARK: Commit

    @Test func `tells those who asked of all that it touched, in the order in which they asked`() async throws {
        var told: [String] = []
        unit.beforeCommit { tags in told.append("a \(tags.map(\.name).sorted())") }
        unit.beforeCommit { tags in told.append("b \(tags.count)") }
        try await unit.delete(Jar.stored(7))
        #expect(told.isEmpty)
        try await unit.prepareCommit()
        #expect(told == [#"a ["jars", "jars/shelf_id=3", "jars:7"]"#, "b 3"])
    }

    @Test func `is not committed if one of them does not want it`() async {
        var told = 0
        unit.beforeCommit { _ in told += 1 }
        unit.beforeCommit { _ in throw DomainError.contention }
        unit.beforeCommit { _ in told += 1 }
        await #expect(throws: DomainError.contention) { try await unit.prepareCommit() }
        #expect(told == 1)
    }
}
