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

@Suite struct `Declarations that cannot be served` {
    private static func view(_ name: String) -> View {
        View(name, of: Shelf.self, "", as: Shelf.self) { shelf, _ in shelf.value }
    }

    private static func action(_ name: String) -> RowAction {
        RowAction(name, of: Shelf.self, "") { shelf, _, _ in shelf }
    }

    @Test func `have two resources of one name`() async {
        await #expect(processExitsWith: .failure) { _ = Declarations(entities: [Shelf.self, Gadget.self, Shelf.self]) }
        await #expect(processExitsWith: .failure) { _ = Declarations(entities: [Jar.self, Layers.self]) }
    }

    @Test func `have a view or an action at a path that is taken`() async {
        await #expect(processExitsWith: .failure) { _ = Declarations(entities: [Shelf.self], views: [Self.view("count")]) }
        await #expect(processExitsWith: .failure) { _ = Declarations(entities: [Shelf.self], actions: [Self.action("count")]) }
        await #expect(processExitsWith: .failure) {
            _ = Declarations(entities: [Shelf.self], views: [Self.view("top")], actions: [Self.action("top")])
        }
    }

    @Test func `have a view or an action that the description calls as something of its own`() async {
        await #expect(processExitsWith: .failure) { _ = Declarations(entities: [Shelf.self], views: [Self.view("page")]) }
        await #expect(processExitsWith: .failure) { _ = Declarations(entities: [Shelf.self], views: [Self.view("shown")]) }
        await #expect(processExitsWith: .failure) { _ = Declarations(entities: [Shelf.self], actions: [Self.action("delete")]) }
        await #expect(processExitsWith: .failure) {
            _ = Declarations(entities: [Shelf.self], views: [Self.view("top-side"), Self.view("top_side")])
        }
        await #expect(processExitsWith: .failure) {
            _ = Declarations(entities: [Shelf.self, ShelfTop.self], views: [Self.view("top")])
        }
        await #expect(processExitsWith: .failure) {
            let view = View("with-layers", of: Jar.self, "", as: Jar.self) { jar, _ in jar.value }
            _ = Declarations(entities: [Shelf.self, Gadget.self, Jar.self], views: [view], creations: [Jar.fill])
        }
    }

    @Test func `have a field that a list could not be filtered by`() async {
        await #expect(processExitsWith: .failure) { _ = Declarations(entities: [Limit.self]) }
    }

    @Test func `have two columns of one name, or one without a name, where rows own others`() async {
        await #expect(processExitsWith: .failure) { _ = Self.layers(owner: "jar id") }
        await #expect(processExitsWith: .failure) { _ = Self.layers(position: "Height") }
        await #expect(processExitsWith: .failure) { _ = Self.layers(position: "grams") }
        #expect(Self.layers().allColumns.map(\.name) == ["jar_id", "height", "gadget_id", "grams", "ounces"])
    }

    private static func layers(owner: String = "jar_id", position: String = "height") -> OwnedRows {
        OwnedRows("layers", of: Layer.self, table: "jar_layers", owner: (owner, Jar.self), position: position)
    }

    @Test func `have a name that is none in SQL and in URLs`() async {
        await #expect(processExitsWith: .failure) { _ = Field<Shelf>("Name", \.name, .length(1...20)) }
        await #expect(processExitsWith: .failure) { _ = Field<Shelf>("first name", \.name, .length(1...20)) }
        await #expect(processExitsWith: .failure) { _ = Declarations(entities: [Spaced.self]) }
    }

    @Test func `are none of these`() {
        let declarations = Declarations(
            entities: [Shelf.self, Jar.self], views: [Self.view("top"), Self.view("back-side")], actions: [Self.action("paint")])
        #expect(declarations.views.count == 2)
    }
}

/// It is called as a view of shelves would be.
private struct ShelfTop: Entity {
    typealias Key = Int64
    var name = ""
    static let resource = "shelf_tops"
    static let singular = "shelf_top"
    static let fields: [Field<ShelfTop>] = [Field("name", \.name, .length(1...20))]
    static let schema = Schema(of: ShelfTop.self)
}

/// Its field is called as a parameter of lists is.
private struct Limit: Entity {
    typealias Key = Int64
    var limit: Int64 = 0
    static let resource = "limits"
    static let singular = "limit"
    static let fields: [Field<Limit>] = [Field("limit", \.limit)]
    static let schema = Schema(of: Limit.self)
}

/// It is called as what jars own.
private struct Layers: Entity {
    typealias Key = Int64
    var name = ""
    static let resource = "jar_layers"
    static let singular = "layer"
    static let fields: [Field<Layers>] = [Field("name", \.name, .length(1...20))]
    static let schema = Schema(of: Layers.self)
}

private struct Spaced: Entity {
    typealias Key = Int64
    var name = ""
    static let resource = "wide shelves"
    static let singular = "wide shelf"
    static let fields: [Field<Spaced>] = [Field("name", \.name, .length(1...20))]
    static let schema = Schema(of: Spaced.self)
}
