import Model
import Testing

@Suite struct `A schema` {
    private let schema = Gadget.schema

    @Test func `has the fields between the identity and what the store gives`() {
        let fields = Gadget.fields.map(\.name)
        #expect(schema.columns.map(\.name) == ["id"] + fields + ["created_at", "updated_at", "version"])
        #expect(schema.fieldColumns.map(\.name) == fields)
        #expect(schema.fields == 1..<fields.count + 1)
        #expect(schema.columns.map(\.isField) == schema.columns.indices.map { schema.fields.contains($0) })
    }

    @Test func `knows the kind of each column`() {
        #expect(schema.columns.first?.kind == .uuid)
        #expect(schema.keyKind == .uuid)
        #expect(Shelf.schema.columns.first?.kind == .integer)
        #expect(Shelf.schema.keyKind == .integer)
        #expect(schema.columns.suffix(3).map(\.kind) == [.timestamp, .timestamp, .integer])
        #expect(schema.columns.filter(\.isOptional).map(\.name) == ["note", "sold", "part_id"])
    }

    @Test func `finds a column by its name, and by no other spelling`() {
        for (index, column) in schema.columns.enumerated() { #expect(schema.position(of: column.name) == index) }
        for name in ["colour", "", "Name", "name ", "name\u{301}", "layers"] { #expect(schema.position(of: name) == nil) }
    }

    @Test func `knows which fields refer to others, and of which no two rows have the same`() {
        #expect(schema.references.map { schema.columns[$0].name } == ["shelf_id", "part_id"])
        #expect(schema.unique.map { schema.columns[$0].name } == ["name"])
        #expect(Shelf.schema.references.isEmpty)
    }

    @Test func `shows within a row what it refers to, then what it owns`() {
        #expect(schema.parts.map(\.name) == ["shelf", "part"])
        #expect(Jar.schema.parts.map(\.name) == ["shelf", "layers"])
        #expect(Shelf.schema.parts.isEmpty)
        guard case .reference(let column, let entity) = schema.parts[1].source else {
            Issue.record("a reference is expected")
            return
        }
        #expect(schema.columns[column].name == "part_id")
        #expect(entity.schema == schema)
        guard case .owned(let rows) = Jar.schema.parts[1].source else {
            Issue.record("owned rows are expected")
            return
        }
        #expect(rows.table == "jar_layers")
    }

    /// A reference whose name does not say of what it is the id is none that can be shown.
    @Test func `shows only references that are called as ids`() {
        struct Tool: Entity {
            typealias Key = Int64
            var spare = ID<Gadget>(.zero)
            static let resource = "tools"
            static let singular = "tool"
            static let fields: [Field<Tool>] = [Field("spare", \.spare, .references(Gadget.self))]
            static let schema = Schema(of: Tool.self)
        }
        #expect(Tool.schema.references == [1])
        #expect(Tool.schema.parts.isEmpty)
    }

    @Test func `makes ids where the store does not count the rows`() throws {
        let ids = (0..<100).map { _ in schema.makeID() }
        #expect(ids.allSatisfy { $0?.kind == .uuid })
        #expect(Set(ids).count == 100)
        #expect(Shelf.schema.makeID() == nil)
    }

    @Test func `reads ids as paths have them`() {
        #expect(Shelf.schema.id("7") == .integer(7))
        #expect(schema.id("00000000-0000-7000-8000-000000000001") == Gadget.id(1).value)
        for text in ["", "x", "7.0", "+7", "00000000-0000-7000-8000-000000000001"] { #expect(Shelf.schema.id(text) == nil) }
        for text in ["", "7", "zz"] { #expect(schema.id(text) == nil) }
    }

    @Test func `computes what follows from other fields, and nothing else`() {
        var gadget = Gadget()
        (gadget.name, gadget.pieces, gadget.price, gadget.repairs) = ("lamp", 3, Money(cents: 50), 2)
        let derived = schema.derived(gadget.values)
        var expected = gadget
        expected.total = Money(cents: 150)
        #expect(derived == expected.values)
        #expect(Shelf.schema.derived([.text("top")]) == [.text("top")])
    }

    @Test func `begins a row with its defaults, and something that fits in the other places`() {
        let blank = schema.blankFields
        for (column, value) in zip(schema.fieldColumns, blank) where column.defaultValue != nil {
            #expect(value == column.defaultValue)
        }
        #expect(zip(schema.fieldColumns, blank).allSatisfy { $0.fits($1) })
        #expect(blank.count == schema.fields.count)
        #expect(blank.last == .integer(0))
    }

    @Test func `is that of its entity alone`() {
        #expect(Gadget.schema == Gadget.schema)
        #expect(Gadget.schema != Shelf.schema)
        #expect(Set([Gadget.schema, Shelf.schema, Gadget.schema]).count == 2)
    }
}

@Suite struct `Owned rows` {
    private let layers = Jar.layers

    @Test func `have an owner and a position before what they hold`() {
        #expect(layers.allColumns.map(\.name) == ["jar_id", "height", "gadget_id", "grams", "ounces"])
        #expect(layers.columns.map(\.name) == ["gadget_id", "grams", "ounces"])
        #expect(layers.owner.rules.references == "jars")
        #expect(layers.owner.kind == .integer)
        #expect(layers.allColumns.filter(\.isRequired).map(\.name) == ["jar_id", "height", "grams"])
        #expect(layers.limit == 5)
    }

    @Test func `have the kind of their owner's id`() {
        struct Note: Record {
            var text = ""
            static let fields: [Field<Note>] = [Field("text", \.text, .length(1...9))]
        }
        let notes = OwnedRows("notes", of: Note.self, table: "notes", owner: ("gadget_id", Gadget.self), position: "number")
        #expect(notes.owner.kind == .uuid)
        #expect(notes.limit == 100)
    }

    @Test(arguments: [(1, true), (1_000_000, true), (0, false), (-1, false), (1_000_001, false)] as [(Int64, Bool)])
    func `are counted from 1 to a million`(position: Int64, isAllowed: Bool) {
        #expect((layers.position.problem(with: .integer(position)) == nil) == isAllowed)
    }

    @Test func `come back from all their values`() {
        let row = Jar.layer(7, 2, Layer(grams: 5, of: Gadget.id(1)))
        #expect(row.allValues == [.integer(7), .integer(2), Gadget.id(1).value, .integer(5), .integer(0)])
        #expect(OwnedRow(allValues: row.allValues) == row)
        #expect(Layer(values: row.values) == Layer(grams: 5, of: Gadget.id(1)))
    }
}
