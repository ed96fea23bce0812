import Model
import Testing

@Suite struct `A view` {
    private let source = FakeTransaction()
    private let context = ReadContext(deadline: 0)

    private func contents(_ shelf: Int64) async throws -> String? {
        try await ShelfContents.view.compute(of: .integer(shelf), from: source, context).map(text)
    }

    private var tags: Set<String> { Set(context.tags.map(\.name)) }

    private func fill() {
        source.add(Stored<Shelf>(ID(3)))
        for (id, grams) in [(1, 10), (2, 30), (3, 20)] as [(Int64, Int64)] { source.add(Jar.stored(id) { $0.grams = grams }) }
        source.add(Jar.stored(4, shelf: 4) { $0.grams = 999 })
        source.add(Gadget.stored(1) { $0.price = Money(cents: 250) })
        source.add(Gadget.stored(2) { $0.state = .worn })
        source.add(Gadget.stored(3) { ($0.state, $0.isSpecial) = (.worn, true) })
        source.add(
            Jar.layer(1, 1, Layer(grams: 1)), Jar.layer(2, 2, Layer(grams: 2, of: Gadget.id(2))),
            Jar.layer(2, 1, Layer(grams: 3, of: Gadget.id(1))), Jar.layer(4, 1, Layer(grams: 4)), to: Jar.layers)
    }

    @Test func `is known by its name, its resource and its shape`() {
        let view = ShelfContents.view
        #expect((view.name, view.summary) == ("contents", "What is on a shelf"))
        #expect(view.subject == Shelf.schema)
        #expect(view.shape.columns.map(\.name) == ["shelf_id", "worn", "weight"])
        #expect(view.key(of: .integer(7)) == "contents:shelves:7")
        let example = String(decoding: view.example ?? [], as: UTF8.self)
        #expect(example == #"{"shelf_id":0,"worn":0,"weight":"0.00","layers":[],"jars":[]}"#)
    }

    @Test func `is computed of a row and of what else there is`() async throws {
        fill()
        let jars = [Jar.stored(2) { $0.grams = 30 }, Jar.stored(3) { $0.grams = 20 }]
        #expect(
            try await contents(3) == """
                {"shelf_id":3,"worn":1,"weight":"3.50",\
                "layers":[{"gadget_id":"\(Gadget.id(1))","grams":3,"ounces":0},{"gadget_id":"\(Gadget.id(2))","grams":2,"ounces":0}],\
                "jars":[\(jars.map { text(Encoded($0)) }.joined(separator: ","))]}
                """)
    }

    @Test func `depends on all that it read: the row, rows, parts of sets and counts`() async throws {
        fill()
        _ = try await contents(3)
        #expect(tags == ["shelves:3", "jars/shelf_id=3", "gadgets:\(Gadget.id(1))", "gadgets:\(Gadget.id(2))", "gadgets"])
    }

    @Test func `depends on what it found empty too`() async throws {
        source.add(Stored<Shelf>(ID(3)))
        #expect(try await contents(3) == #"{"shelf_id":3,"worn":0,"weight":"0.00","layers":[],"jars":[]}"#)
        #expect(tags == ["shelves:3", "jars/shelf_id=3", "gadgets"])
    }

    @Test func `of a row that is not there is none, until the row is there`() async throws {
        #expect(try await contents(3) == nil)
        #expect(tags == ["shelves:3"])
    }

    @Test func `fails as what it reads fails`() async {
        source.add(Stored<Shelf>(ID(3)))
        source.failure = .deadlineExceeded
        await #expect(throws: DomainError.deadlineExceeded) { try await contents(3) }
    }
}

@Suite struct `A snapshot` {
    private let source = FakeTransaction()
    private let context = ReadContext(deadline: 0)
    private var snapshot: Snapshot { Snapshot(source, context) }
    private var tags: Set<String> { Set(context.tags.map(\.name)) }

    @Test func `finds rows, and depends on those that are not there`() async throws {
        source.add(Jar.stored(7))
        #expect(try await snapshot.find(ID<Jar>(7))?.shelf == ID(3))
        #expect(try await snapshot.find(ID<Jar>(8)) == nil)
        #expect(try await snapshot.find([ID(7), ID(9)] as Set<ID<Jar>>).map(\.id.key) == [7])
        #expect(tags == ["jars:7", "jars:8", "jars:9"])
    }

    @Test func `finds none where none are named`() async throws {
        #expect(try await snapshot.find([] as Set<ID<Jar>>).isEmpty)
        #expect(try await snapshot.owned("layers", as: Layer.self, of: [] as [Stored<Jar>]).isEmpty)
        #expect(tags.isEmpty)
    }

    @Test func `depends on the set where it finds more than 64`() async throws {
        _ = try await snapshot.find(Set((1...65).map { ID<Jar>($0) }))
        #expect(tags == ["jars"])
    }

    @Test func `lists all rows, or the first ones, in an order`() async throws {
        for id in 1...300 as ClosedRange<Int64> { source.add(Jar.stored(id) { $0.grams = 300 - id }) }
        #expect(try await snapshot.list(Jar.self).map(\.id.key) == Array(1...300))
        #expect(try await snapshot.list(Jar.self, sort: [Jar.sortKey(\.grams)], limit: 2).map(\.id.key) == [300, 299])
        #expect(try await snapshot.list(Jar.self, where: Jar.filter(\.grams, .less, 1)).map(\.id.key) == [300])
        #expect(try await snapshot.count(Jar.self, where: Jar.filter(\.grams, .less, 10)) == 10)
        #expect(tags == ["jars"])
    }

    @Test func `has what rows own, by owner and position`() async throws {
        source.add(
            Jar.layer(8, 1, Layer(grams: 3)), Jar.layer(7, 2, Layer(grams: 2)), Jar.layer(7, 1, Layer(grams: 1)), to: Jar.layers)
        let layers = try await snapshot.owned("layers", as: Layer.self, of: [Jar.stored(8), Jar.stored(7)])
        #expect(layers.map(\.owner.key) == [7, 7, 8])
        #expect(layers.map(\.record.grams) == [1, 2, 3])
    }
}
