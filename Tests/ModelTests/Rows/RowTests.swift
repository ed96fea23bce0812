import Model
import Testing

@Suite struct `A row` {
    private static func stored() -> Stored<Gadget> {
        var gadget = Gadget.stored(1) { ($0.name, $0.sold, $0.shelf) = ("lamp", Timestamp(microseconds: 5), ID(3)) }
        gadget.createdAt = Timestamp(microseconds: 1)
        gadget.updatedAt = Timestamp(microseconds: 2)
        gadget.version = 9
        return gadget
    }

    @Test func `has its values in the order of the columns`() {
        let row = Self.stored().row
        #expect(row.values.count == Gadget.schema.columns.count)
        for (column, value) in zip(Gadget.schema.columns, row.values) { #expect(column.fits(value), "\(column.name)") }
        #expect(row.id == Gadget.id(1).value)
        #expect(row.values[Gadget.column("name")] == .text("lamp"))
        #expect(Array(row.fields) == Self.stored().value.values)
        #expect((row.createdAt, row.updatedAt) == (Timestamp(microseconds: 1), Timestamp(microseconds: 2)))
        #expect(row.version == 9)
    }

    @Test func `comes back from its type, and from its parts`() {
        let row = Self.stored().row
        #expect(Stored<Gadget>(row).row.values == row.values)
        let again = Row(
            id: row.id, fields: row.fields, createdAt: row.createdAt, updatedAt: row.updatedAt, version: row.version)
        #expect(again.values == row.values)
        let typed = Stored<Gadget>(row)
        #expect((typed.id, typed.name, typed.shelf, typed.version) == (Gadget.id(1), "lamp", ID(3), 9))
    }

    @Test func `takes other values for its fields, and keeps what the store gave`() {
        var row = Self.stored().row
        let other = Gadget.stored(2) { $0.name = "vase" }
        row.fields = other.value.values[...]
        #expect(Array(row.fields) == other.value.values)
        #expect((row.id, row.version, row.createdAt) == (Gadget.id(1).value, 9, Timestamp(microseconds: 1)))
        #expect(row.values.count == Gadget.schema.columns.count)
    }

    @Test func `has a type even where its values do not fit`() {
        let count = Gadget.schema.columns.count
        let row = Row(Array(repeating: .null, count: count))
        let typed = Stored<Gadget>(row)
        #expect(typed.id == ID(.zero))
        #expect(typed.value.values == Gadget().values)
        #expect(typed.version == 1)
    }

    @Test func `says why it cannot be shown`() throws {
        var row = Self.stored().row
        #expect(try row.readable(as: Gadget.schema).get().values == row.values)
        row.unreadable = [Gadget.column("pieces"), Gadget.column("price")]
        let error = UnreadableRow(resource: "gadgets", id: Gadget.id(1).description, field: "pieces")
        #expect(throws: error) { try row.readable(as: Gadget.schema).get() }
        #expect(
            error.description
                == "the row \(Gadget.id(1)) of gadgets holds a value in pieces that its declaration does not allow")
        #expect(UnreadableRow(resource: "gadgets", field: "pieces").description.hasPrefix("one of the gadgets holds"))
    }

    @Test func `looks the same with its type and without`() {
        #expect(Encoded(Self.stored()).bytes == Encoded(Self.stored().row, of: Gadget.schema).bytes)
    }
}
