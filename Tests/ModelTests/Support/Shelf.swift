import Model

/// An entity that others refer to, whose ids the store counts.
struct Shelf: Entity {
    typealias Key = Int64

    var name = ""

    init() {}

    static let resource = "shelves"
    static let singular = "shelf"
    static let fields: [Field<Shelf>] = [Field("name", \.name, .length(1...20), .unique)]
    static let schema = Schema(of: Shelf.self)
}

/// An entity with texts that may fill a page, and with records that it owns.
struct Jar: Entity {
    typealias Key = Int64

    var shelf = ID<Shelf>(0)
    var label = ""
    var grams: Int64 = 100
    var isSealed = false

    init() {}

    static let resource = "jars"
    static let singular = "jar"
    static let fields: [Field<Jar>] = [
        Field("shelf_id", \.shelf, .references(Shelf.self)),
        Field("label", \.label, .length(0...2_000_000)),
        Field("grams", \.grams, .range(0...1_000), .hasDefault),
        Field("sealed", \.isSealed, .changedByActions),
    ]
    static let owned = [
        OwnedRows("layers", of: Layer.self, table: "jar_layers", owner: ("jar_id", Jar.self), position: "height", limit: 5)
    ]
    static let schema = Schema(of: Jar.self)
    static let layers = schema.owned[0]

    static func stored(_ number: Int64, shelf: Int64 = 3, _ change: (inout Jar) -> Void = { _ in }) -> Stored<Jar> {
        var jar = Jar()
        jar.shelf = ID(shelf)
        change(&jar)
        return Stored(ID(number), jar)
    }

    /// What a row with this id owns.
    static func layer(_ number: Int64, _ height: Int64, _ layer: Layer = Layer()) -> OwnedRow {
        OwnedRow(owner: .integer(number), position: height, values: layer.values)
    }
}

/// What a jar has at one height.
struct Layer: Record, Hashable {
    var gadget: ID<Gadget>?
    var grams: Int64 = 0
    var ounces: Int64 = 0

    init() {}

    init(grams: Int64, of gadget: ID<Gadget>? = nil) {
        self.grams = grams
        self.gadget = gadget
    }

    mutating func derive() { ounces = grams / 28 }

    static let fields: [Field<Layer>] = [
        Field("gadget_id", \.gadget, .references(Gadget.self)),
        Field("grams", \.grams, .range(1...1_000)),
        Field("ounces", \.ounces, .derived),
    ]
}
