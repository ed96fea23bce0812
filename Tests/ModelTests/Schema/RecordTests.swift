import Model
import Testing

@Suite struct `A record` {
    @Test func `comes back from its values`() {
        var gadget = Gadget()
        (gadget.name, gadget.note, gadget.state, gadget.sold) = ("lamp", "old", .worn, Timestamp(microseconds: 5))
        gadget.part = Gadget.id(2)
        let copy = Gadget(values: gadget.values)
        #expect(copy.values == gadget.values)
        #expect(gadget.values.count == Gadget.fields.count)
        #expect((copy.name, copy.state, copy.part) == ("lamp", .worn, Gadget.id(2)))
    }

    @Test func `keeps its default where a value does not fit, or none is given`() {
        var values = Gadget().values
        values[0] = .text("lamp")
        values[3] = .text("old")  // no state
        values[4] = .null
        let gadget = Gadget(values: values)
        #expect((gadget.name, gadget.state, gadget.pieces) == ("lamp", .new, 1))
        #expect(Gadget(values: [.text("lamp")]).values.dropFirst() == Gadget().values.dropFirst())
        #expect(Gadget(values: []).values == Gadget().values)
    }

    @Test func `is an object of its fields in their order`() {
        let layer = Layer(grams: 5, of: Gadget.id(1))
        #expect(
            text(Encoded(layer)) == #"{"gadget_id":"00000000-0000-7000-8000-000000000001","grams":5,"ounces":0}"#)
    }

    @Test func `that is computed may have lists of records and of rows behind its fields`() {
        var contents = ShelfContents()
        contents.shelf = ID(3)
        #expect(text(Encoded(contents)) == #"{"shelf_id":3,"worn":0,"weight":"0.00","layers":[],"jars":[]}"#)
        contents.layers = [Layer(grams: 5), Layer(grams: 6)]
        contents.jars = [Jar.stored(7), Jar.stored(8)]
        let jars = contents.jars.map { text(Encoded($0.row, of: Jar.schema)) }
        #expect(
            text(Encoded(contents)) == """
                {"shelf_id":3,"worn":0,"weight":"0.00",\
                "layers":[{"gadget_id":null,"grams":5,"ounces":0},{"gadget_id":null,"grams":6,"ounces":0}],\
                "jars":[\(jars.joined(separator: ","))]}
                """)
    }

    @Test func `has a shape that says the same without its type`() {
        let shape = RecordShape(of: ShelfContents.self)
        #expect(shape.columns.map(\.name) == ["shelf_id", "worn", "weight"])
        #expect(shape.columns.map(\.kind) == [.integer, .integer, .moneySum])
        #expect(shape.lists.map(\.name) == ["layers", "jars"])
        guard case .record(let layer) = shape.lists[0].element, case .row(let jar) = shape.lists[1].element else {
            Issue.record("a list of records and one of rows are expected")
            return
        }
        #expect(layer.columns.map(\.name) == Layer.fields.map(\.name))
        #expect(layer.lists.isEmpty)
        #expect(jar.schema == Jar.schema)
    }
}
