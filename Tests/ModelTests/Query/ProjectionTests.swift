import Model
import Testing

@Suite struct `A projection` {
    @Test func `of nothing in particular shows all columns, and no parts`() {
        #expect(Gadget.schema.columns.indices.allSatisfy(Projection.whole.shows))
        #expect(Projection.whole.parts.isEmpty)
        #expect(Projection.whole.key(of: Gadget.schema) == "")
    }

    @Test func `shows the columns and parts that it names, in their order, whatever the order of the names`() throws {
        let projection = try Projection(
            of: Gadget.schema, parameters: [QueryParameter("fields", "name,id"), QueryParameter("include", "part,shelf")])
        #expect(projection == Projection(columns: [0, 1], parts: [0, 1]))
        #expect(projection.shows(0) && projection.shows(1) && !projection.shows(2))
        #expect(projection.key(of: Gadget.schema) == "&fields=id,name&include=shelf,part")
    }

    @Test func `of a row with records of its own may show them`() throws {
        let projection = try Projection(of: Jar.schema, parameters: [QueryParameter("include", "layers")])
        #expect(projection.key(of: Jar.schema) == "&include=layers")
    }

    @Test func `names nothing twice`() {
        #expect(throws: InvalidParameters([InvalidParameter("fields", "names id twice")])) {
            try Projection(of: Gadget.schema, parameters: [QueryParameter("fields", "id,name,id")])
        }
        #expect(throws: InvalidParameters([InvalidParameter("fields", "is given twice")])) {
            try Projection(of: Gadget.schema, parameters: [QueryParameter("fields", "id"), QueryParameter("fields", "id")])
        }
    }
}
