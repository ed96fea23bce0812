import Model
import Testing

@Suite struct `Tags` {
    private let schema = Gadget.schema

    @Test func `name rows, sets and parts of sets`() {
        #expect(Shelf.tag(of: ID(7)).name == "shelves:7")
        #expect(Shelf.schema.tag(of: .integer(7)).name == "shelves:7")
        #expect(Gadget.tag(of: Gadget.id(1)).name == "gadgets:00000000-0000-7000-8000-000000000001")
        #expect(Shelf.schema.setTag.name == "shelves")
        #expect(schema.partitionTag(Gadget.column("shelf_id"), .integer(5))?.name == "gadgets/shelf_id=5")
        #expect(schema.partitionTag(Gadget.column("part_id"), .null) == nil)
    }

    @Test func `of a query are the set, unless a filter names a part of it`() {
        let part = Query.Filter("shelf_id", .equal, .integer(5))
        let other = Query.Filter("pieces", .equal, .integer(5))
        let partTag = Model.Tag("gadgets/shelf_id=5")
        for (filters, tag) in [([], schema.setTag), ([other], schema.setTag), ([part], partTag), ([other, part], partTag)] {
            #expect(Gadget.query(filters).tags == [tag])
            #expect(schema.tags(selectedBy: filters) == [tag])
        }
        let tags = schema.tags(selectedBy: [Gadget.filter(\.part, Gadget.id(1)), part])
        #expect(tags.map(\.name) == ["gadgets/part_id=\(Gadget.id(1))"])
    }

    @Test(arguments: Query.Comparison.allCases.filter { $0 != .equal })
    func `of a query are the set for every other comparison`(comparison: Query.Comparison) {
        let values: [Value] = comparison == .isNull || comparison == .isNotNull ? [] : [Gadget.id(1).value]
        let filter = Query.Filter(Gadget.column("part_id"), comparison, values)
        #expect(Gadget.query([filter]).tags == [schema.setTag])
        #expect(schema.tags(selectedBy: [filter]) == [schema.setTag])
    }

    @Test func `of rows that are shown are one for each, up to 64, and beyond that the set`() {
        let ids = (1...65).map { Value.integer($0) }
        #expect(Shelf.schema.tags(showing: []) == [])
        #expect(Shelf.schema.tags(showing: ids.prefix(64)).map(\.name) == (1...64).map { "shelves:\($0)" })
        #expect(Shelf.schema.tags(showing: ids) == [Shelf.schema.setTag])
    }

    /// Whatever a row was and becomes, a write touches a tag of each query that shows the one or the other.
    @Test func `that a write touches are among those of each query whose rows it changes`() async throws {
        let gadgets = (1...4).map { number in
            Gadget.stored(number) { gadget in
                gadget.shelf = ID(Int64(number % 2))
                gadget.part = number > 2 ? Gadget.id(number % 3) : nil
                gadget.pieces = Int64(number)
            }
        }
        let filters = [
            [], [Gadget.filter(\.shelf, ID(0))], [Gadget.filter(\.shelf, ID(1))], [Gadget.filter(\.part, Gadget.id(1))],
            [Gadget.filter(\.part, nil)], [Gadget.filter(\.pieces, .less, 3)],
            [Gadget.filter(\.shelf, ID(0)), Gadget.filter(\.part, Gadget.id(0))], [.init("part_id", .isNotNull)],
            [.init("shelf_id", .isIn, .integer(0))],
        ]
        for former in gadgets {
            for later in gadgets {
                let unit = UnitOfWork(FakeTransaction(), deadline: 0)
                var becoming = later.value
                becoming.name = "other"
                let row = try await unit.update(former, to: becoming)
                for filters in filters {
                    let isSeen = [former.row, row.row].contains { row in filters.allSatisfy { $0.matches(row) } }
                    let isTouched = !unit.touched.isDisjoint(with: schema.tags(selectedBy: filters))
                    if isSeen { #expect(isTouched, "\(filters)") }
                }
                #expect(unit.touched.contains(Gadget.tag(of: former.id)))
            }
        }
    }

    @Test func `are recorded once each, in the order in which they came`() {
        let context = ReadContext(deadline: 7)
        for name in ["b", "a", "b", "c", "a"] { context.depend(on: Model.Tag(name)) }
        #expect(context.tags.map(\.name) == ["b", "a", "c"])
        #expect(context.deadline == 7)
        #expect(context.outcome == nil)
    }

    @Test func `are recorded once each, however many they are`() {
        let context = ReadContext(deadline: 7)
        let tags = (0..<1_000).map { Model.Tag("t\($0)") }
        context.depend(on: Array(tags.prefix(10)))
        context.depend(on: tags)
        for tag in tags.reversed() { context.depend(on: tag) }
        #expect(context.tags == tags)
    }
}
