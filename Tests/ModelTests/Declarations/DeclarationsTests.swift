import Model
import Testing

@Suite struct `The declarations of a service` {
    @Test func `know the resources by their names, in the order of the list`() {
        #expect(declared.resources == ["shelves", "gadgets", "jars"])
        #expect(declared.schemas == [Shelf.schema, Gadget.schema, Jar.schema])
        #expect(declared.schema(named: "jars") == Jar.schema)
        for name in ["jar", "Jars", "", "jar_layers"] { #expect(declared.schema(named: name) == nil) }
    }

    @Test func `know what rows own, and who owns it`() {
        #expect(declared.owned.map(\.rows.table) == ["jar_layers"])
        #expect(declared.owned.map(\.owner) == [Jar.schema])
    }

    @Test func `know the views and actions of each resource`() {
        #expect(declared.views(of: Shelf.schema).map(\.name) == ["contents"])
        #expect(declared.views(of: Jar.schema).isEmpty)
        #expect(declared.actions(of: Jar.schema).map(\.name) == ["seal", "empty"])
        #expect(declared.actions(of: Shelf.schema).isEmpty)
        #expect(declared.creation(of: Jar.schema)?.member == "layers")
        #expect(declared.creation(of: Gadget.schema) == nil)
        #expect(declared.refusals.map(\.type) == ["too-heavy", "sealed-already"])
    }

    @Test func `have the first row of each resource as its example, which refers to those`() {
        let gadget = Gadget(values: declared.samples.fields(1, of: Gadget.schema))
        #expect(gadget.shelf == ID(1))
        #expect(SampleRows.id(1, of: Shelf.schema) == .integer(1))
    }
}
