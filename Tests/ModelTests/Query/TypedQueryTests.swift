import Model
import Testing

@Suite struct `A condition on a property` {
    @Test func `is one on its column`() {
        #expect(Gadget.filter(\.name, "lamp") == .init("name", .equal, .text("lamp")))
        #expect(Gadget.filter(\.state, .worn) == .init("state", .equal, .text("worn")))
        #expect(Gadget.filter(\.pieces, .greaterOrEqual, 5) == .init("pieces", .greaterOrEqual, .integer(5)))
        #expect(Gadget.filter(\.shelf, ID(3)) == .init("shelf_id", .equal, .integer(3)))
        #expect(Gadget.filter(\.part, .notEqual, Gadget.id(1)) == .init("part_id", .notEqual, Gadget.id(1).value))
        #expect(Gadget.filter(\.isSpecial, true) == .init("special", .equal, .bool(true)))
    }

    @Test func `that it is nil is that it is null`() {
        let filter = Gadget.filter(\.part, nil)
        #expect(filter == .init("part_id", .isNull))
        #expect(filter.matches(Gadget.row(1)))
        #expect(!filter.matches(Gadget.row(1) { $0.part = Gadget.id(2) }))
        #expect(Gadget.filter(\.part, Gadget.id(2)).matches(Gadget.row(1) { $0.part = Gadget.id(2) }))
    }

    @Test func `sorts by its column`() {
        #expect(Gadget.sortKey(\.made) == .init("made"))
        #expect(Gadget.sortKey(\.sold, isDescending: true) == .init("-sold"))
    }
}
