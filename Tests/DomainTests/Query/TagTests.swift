import Domain
import Testing

@Suite struct `Tags` {
    @Test func `name rows, sets and parts of sets`() {
        #expect(Category.tag(of: ID(7)).name == "categories:7")
        #expect(Gadget.tag(of: Gadget.id(1)).name == "gadgets:00000000-0000-7000-8000-000000000001")
        #expect(Category.setTag.name == "categories")
        #expect(Gadget.partitionTag(Gadget.field("category_id"), .integer(5))?.name == "gadgets/category_id=5")
        #expect(Gadget.partitionTag(Gadget.field("part_id"), .null) == nil)
    }

    @Test func `of a query are the set, unless a filter names a part of it`() {
        let part = Query<Gadget>.Filter("category_id", .equal, .integer(5))
        let other = Query<Gadget>.Filter("count", .equal, .integer(5))
        let partTag = Domain.Tag("gadgets/category_id=5")
        #expect(Query<Gadget>().tags == [Gadget.setTag])
        #expect(Query(filters: [other]).tags == [Gadget.setTag])
        #expect(Query(filters: [part]).tags == [partTag])
        #expect(Query(filters: [other, part]).tags == [partTag])
        #expect(
            Query<Gadget>(filters: [.init("part_id", .equal, Gadget.id(1).value)]).tags[0].name
                == "gadgets/part_id=\(Gadget.id(1))")
    }

    @Test(arguments: Query<Gadget>.Comparison.allCases.filter { $0 != .equal })
    func `of a query are the set for every other comparison`(comparison: Query<Gadget>.Comparison) {
        let values: [Value] = comparison == .isNull || comparison == .isNotNull ? [] : [Gadget.id(1).value]
        let filter = Query<Gadget>.Filter(Gadget.column("part_id"), comparison, values)
        #expect(Query(filters: [filter]).tags == [Gadget.setTag])
        #expect(Gadget.tags(selectedBy: [filter]) == [Gadget.setTag])
    }

    @Test func `are recorded once each, in the order in which they came`() {
        let context = ReadContext(deadline: 7)
        for name in ["b", "a", "b", "c", "a"] { context.depend(on: Domain.Tag(name)) }
        #expect(context.tags.map(\.name) == ["b", "a", "c"])
        #expect(context.deadline == 7)
        #expect(context.outcome == nil)
    }

    @Test func `are recorded once each, however many they are`() {
        let context = ReadContext(deadline: 7)
        let tags = (0..<1_000).map { Domain.Tag("t\($0)") }
        context.depend(on: Array(tags.prefix(10)))
        context.depend(on: tags)
        for tag in tags.reversed() { context.depend(on: tag) }
        #expect(context.tags == tags)
    }
}
