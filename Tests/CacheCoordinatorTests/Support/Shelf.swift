import Model

/// Where jars stand.
struct Shelf: Entity {
    typealias Key = Int64

    var name = ""

    static let resource = "shelves"
    static let singular = "shelf"
    static let fields = [Field<Shelf>("name", \.name, .length(0...100), .unique)]
    static let schema = Schema(of: Shelf.self)

    /// How full it is.
    static let filling = View("filling", of: Shelf.self, "How full it is", as: Filling.self) { _, _ in Filling() }

    struct Filling: Record {
        static let fields: [Field<Filling>] = []
    }
}

/// What stands on a shelf.
struct Jar: Entity {
    typealias Key = Int64

    var shelfID = ID<Shelf>(0)

    static let resource = "jars"
    static let singular = "jar"
    static let fields = [Field<Jar>("shelf_id", \.shelfID, .references(Shelf.self))]
    static let schema = Schema(of: Jar.self)
}
