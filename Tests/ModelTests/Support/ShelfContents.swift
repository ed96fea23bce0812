import Model

/// A view that reads in each way in which one can.
struct ShelfContents: Record {
    var shelf = ID<Shelf>(0)
    var worn: Int64 = 0
    var weight = MoneySum()
    var layers: [Layer] = []
    var jars: [Stored<Jar>] = []

    static let fields: [Field<ShelfContents>] = [
        Field("shelf_id", \.shelf, .references(Shelf.self)),
        Field("worn", \.worn, .range(0...Int64.max)),
        Field("weight", \.weight),
    ]
    static let lists = [
        RecordList<ShelfContents>("layers", \.layers), RecordList<ShelfContents>("jars", \.jars),
    ]

    static let view = View("contents", of: Shelf.self, "What is on a shelf", as: ShelfContents.self, example: ShelfContents()) {
        shelf, snapshot in
        var contents = ShelfContents()
        contents.shelf = shelf.id
        contents.jars = try await snapshot.list(
            Jar.self, where: Jar.filter(\.shelf, shelf.id), sort: [Jar.sortKey(\.grams, isDescending: true)], limit: 2)
        contents.layers = try await snapshot.owned("layers", as: Layer.self, of: contents.jars).map(\.record)
        for gadget in try await snapshot.find(Set(contents.layers.compactMap(\.gadget))) { contents.weight += gadget.price }
        contents.worn = try await snapshot.count(
            Gadget.self, where: Gadget.filter(\.state, .worn), Gadget.filter(\.isSpecial, .equal, false))
        return contents
    }
}

extension Jar {
    /// A creation with layers: their weights make that of the jar.
    static let fill = CreatingAction(
        Jar.self, with: "layers", of: Layer.self, count: 1...5, computes: [\.grams], "A jar with what is in it.",
        refuses: [tooHeavy]
    ) { jar, layers, unit, settings in
        var jar = jar
        jar.grams = layers.reduce(0) { $0 + $1.grams }
        guard jar.grams <= settings[heaviest] else {
            throw tooHeavy.because("It would weigh \(jar.grams) grams.")
        }
        let filled = try await unit.insert(jar)
        try await unit.put(layers, as: "layers", of: filled)
        return filled
    }

    /// An action that takes nothing.
    static let seal = RowAction("seal", of: Jar.self, "Seal a jar.", refuses: [sealedAlready]) { jar, unit, _ in
        guard !jar.isSealed else { throw sealedAlready.because("Jar \(jar.id) is sealed already.") }
        var sealed = jar.value
        sealed.isSealed = true
        return try await unit.update(jar, to: sealed)
    }

    /// An action that takes how much comes out.
    static let empty = RowAction("empty", of: Jar.self, taking: Layer.self, "Take some out of a jar.") {
        jar, taken, unit, settings in
        var rest = jar.value
        rest.grams = min(rest.grams - taken.grams, settings[heaviest])
        return try await unit.update(jar, to: rest)
    }

    static let heaviest = Setting("JAR_GRAMS", default: Int64(500), expects: "a number", "How much a jar may weigh.") {
        Int64($0)
    }
    static let tooHeavy = Refusal.Reason("too-heavy", example: "It would weigh 501 grams.")
    static let sealedAlready = Refusal.Reason("sealed-already", example: "Jar 7 is sealed already.")
}

/// A service of all that.
let declared = Declarations(
    entities: [Shelf.self, Gadget.self, Jar.self], views: [ShelfContents.view], creations: [Jar.fill],
    actions: [Jar.seal, Jar.empty], settings: [Jar.heaviest])
