import Model
import Testing

/// Rows with ids of their own, and what rows own.
@Suite struct `A unit of work that imports` {
    private let transaction = FakeTransaction()
    private let unit: UnitOfWork

    init() { unit = UnitOfWork(transaction, deadline: 1000) }

    private var touched: Set<String> { Set(unit.touched.map(\.name)) }

    private func upsert(_ jars: Stored<Jar>...) async throws {
        try await unit.upsert(jars.map { ($0.id.value, $0.value.values) }, into: Jar.schema)
    }

    @Test func `touches what rows were and are`() async throws {
        transaction.add(Jar.stored(7, shelf: 1))
        try await upsert(Jar.stored(7, shelf: 2), Jar.stored(8, shelf: 3))
        #expect(transaction.log == ["insert missing jars 7 8", "find jars 7", "update jars 7"])
        #expect(touched == ["jars:7", "jars:8", "jars", "jars/shelf_id=1", "jars/shelf_id=2", "jars/shelf_id=3"])
    }

    @Test func `takes the last of several rows with one id`() async throws {
        try await upsert(Jar.stored(7, shelf: 1), Jar.stored(5), Jar.stored(7, shelf: 3), Jar.stored(6))
        #expect(transaction.log.first == "insert missing jars 5 6 7")
        #expect(transaction.row(ID<Jar>(7))?.shelf == ID(3))
        #expect(!touched.contains("jars/shelf_id=1"))
    }

    @Test func `leaves a row as it is that is there already`() async throws {
        transaction.add(Jar.stored(7))
        try await upsert(Jar.stored(7))
        #expect(transaction.row(ID<Jar>(7))?.version == 1)
        #expect(transaction.log == ["insert missing jars 7", "find jars 7"])
        #expect(touched.isEmpty)
    }

    @Test func `inserts a row that another deletes before it is locked`() async throws {
        transaction.ghosts[.integer(7)] = 1
        try await upsert(Jar.stored(7), Jar.stored(8))
        #expect(transaction.log == ["insert missing jars 7 8", "find jars 7", "insert missing jars 7"])
        #expect(transaction.row(ID<Jar>(7)) != nil)
        #expect(touched == ["jars:7", "jars:8", "jars", "jars/shelf_id=3"])
    }

    @Test func `gives up rows that come and go again and again`() async throws {
        transaction.ghosts[.integer(7)] = .max
        await #expect(throws: DomainError.contention) { try await upsert(Jar.stored(7)) }
        #expect(transaction.log.count == 6)
    }

    @Test func `takes what follows from other fields as it is given`() async throws {
        let gadget = Gadget.stored(7) { $0.total = Money(cents: 101) }
        try await unit.upsert([(gadget.id.value, gadget.value.values)], into: Gadget.schema)
        #expect(transaction.row(gadget.id)?.total == Money(cents: 101))
    }

    @Test func `names all ids that no row can be given by hand`() async throws {
        let limit = Value.importableIDs.upperBound
        await #expect(
            throws: DomainError.invalid([
                FieldProblem(pointer: "/id", detail: "0 is not positive"),
                FieldProblem(pointer: "/id", detail: "\(limit + 1) is greater than \(limit), so that no other could follow it"),
            ])
        ) { try await upsert(Jar.stored(0), Jar.stored(1), Jar.stored(limit + 1)) }
        #expect(transaction.log.isEmpty)
        try await upsert(Jar.stored(limit))
        #expect(transaction.row(ID<Jar>(limit)) != nil)
    }

    // MARK: Owned rows

    @Test func `touches the owners of what they own, and takes the last of several with one position`() async throws {
        transaction.add(Jar.stored(1, shelf: 931))
        transaction.add(Jar.stored(2, shelf: 932))
        let rows = [
            Jar.layer(1, 1, Layer(grams: 1)), Jar.layer(1, 2, Layer(grams: 2)), Jar.layer(2, 1, Layer(grams: 3)),
            Jar.layer(1, 1, Layer(grams: 4)),
        ]
        try await unit.upsert(rows, into: Jar.layers, of: Jar.schema)
        #expect(transaction.log == ["find jars 1 2", "upsert jar_layers 1/2 2/1 1/1"])
        let owned = try await unit.owned(Jar.layers, by: [.integer(2), .integer(1)], of: Jar.schema)
        #expect(owned == [rows[3], rows[1], rows[2]])
        #expect(touched == ["jars:1", "jars:2", "jars", "jars/shelf_id=931", "jars/shelf_id=932"])
    }

    @Test func `touches no owner of which all stays as it is`() async throws {
        for id in [1, 2] as [Int64] { transaction.add(Jar.stored(id)) }
        transaction.add(Jar.layer(1, 1, Layer(grams: 1)), to: Jar.layers)
        let rows = [Jar.layer(1, 1, Layer(grams: 1)), Jar.layer(2, 1, Layer(grams: 1))]
        try await unit.upsert(rows, into: Jar.layers, of: Jar.schema)
        #expect(touched == ["jars:2", "jars", "jars/shelf_id=3"])
        try await unit.upsert([], into: Jar.layers, of: Jar.schema)
        #expect(try await unit.owned(Jar.layers, by: [], of: Jar.schema).isEmpty)
        #expect(transaction.log == ["find jars 1 2", "upsert jar_layers 1/1 2/1"])
    }

    @Test func `gives an owner what it owns from position 1 on, with what follows from its fields`() async throws {
        let jar = Jar.stored(7)
        transaction.add(Jar.layer(7, 1, Layer(grams: 1)), Jar.layer(7, 3, Layer(grams: 3)), to: Jar.layers)
        try await unit.put([Layer(grams: 56), Layer(grams: 2)], as: "layers", of: jar)
        let layers: [Layer] = try await unit.owned("layers", of: jar)
        #expect(layers.map(\.grams) == [56, 2, 3])
        #expect(layers.map(\.ounces) == [2, 0, 0])
        #expect(touched == ["jars:7", "jars", "jars/shelf_id=3"])
    }
}
