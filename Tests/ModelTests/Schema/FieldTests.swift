import Model
import Testing

@Suite struct `A field` {
    @Test func `takes its kind from the property and its rules from the declaration`() {
        let kinds: [Kind] = [
            .text, .text, .text, .text, .integer, .money, .day, .timestamp, .bool, .integer, .uuid, .money, .integer,
        ]
        #expect(Gadget.fields.map(\.kind) == kinds)
        #expect(Gadget.fields.filter(\.isOptional).map(\.name) == ["note", "sold", "part_id"])
        #expect(Gadget.fields.allSatisfy { $0.isField })
        #expect(Gadget.field("state").choices == ["new", "worn", "broken"])
        #expect(Gadget.field("name").rules.isUnique)
        #expect(Gadget.field("name").rules.length == 2...8)
        #expect(Gadget.field("pieces").rules.range == 1...10)
        #expect(Gadget.field("price").rules.amount == Money(cents: 1)...Money(cents: 500))
        #expect(Gadget.field("email").rules.isEmail)
        #expect(Gadget.field("shelf_id").rules.references == "shelves")
        #expect(Gadget.field("part_id").rules.target?.schema == Gadget.schema)
        #expect(Gadget.field("total").rules.isDerived)
        #expect(Gadget.field("repairs").rules.isChangedByActions)
    }

    @Test func `reads and writes its property`() {
        var gadget = Gadget()
        for (name, value) in [
            ("name", Value.text("lamp")), ("note", .text("n")), ("note", .null), ("state", .text("worn")),
            ("pieces", .integer(7)),
            ("price", .money(Money(cents: 7))), ("made", .day(Day(number: 7))), ("sold", .timestamp(Timestamp(microseconds: 7))),
            ("special", .bool(true)), ("shelf_id", .integer(7)), ("part_id", .uuid(.zero)),
        ] {
            #expect(Gadget.field(name).assign(value, to: &gadget))
            #expect(Gadget.field(name).value(of: gadget) == value)
        }
        #expect(gadget.shelf == ID(7))
        #expect(gadget.state == .worn)
    }

    @Test func `changes nothing when a value does not fit`() {
        var gadget = Gadget()
        gadget.name = "lamp"
        let values: [Value] = [.null, .integer(1), .money(Money(cents: 1))]
        for value in values {
            let fits = Gadget.field("name").assign(value, to: &gadget)
            #expect(!fits)
        }
        let isState = Gadget.field("state").assign(.text("old"), to: &gadget)
        #expect(!isState)
        #expect(gadget.name == "lamp")
        #expect(gadget.state == .new)
    }
}
