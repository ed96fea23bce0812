import Model

/// An entity with a field of each kind and each rule, whose ids the service makes.
struct Gadget: Entity {
    typealias Key = UUID

    enum State: String, Choice {
        case new, worn, broken
    }

    var name = ""
    var note: String?
    var email = "nobody@example.org"
    var state = State.new
    var pieces: Int64 = 1
    var price = Money(cents: 100)
    var made = Day(number: 0)
    var sold: Timestamp?
    var isSpecial = false
    var shelf = ID<Shelf>(0)
    var part: ID<Gadget>?
    var total = Money(cents: 0)
    var repairs: Int64 = 0

    init() {}

    mutating func derive() { total = Money(cents: price.cents * pieces) }

    static let resource = "gadgets"
    static let singular = "gadget"
    static let fields: [Field<Gadget>] = [
        Field("name", \.name, .length(2...8), .unique),
        Field("note", \.note, .length(0...5)),
        Field("email", \.email, .length(3...30), .email, .hasDefault),
        Field("state", \.state, .hasDefault),
        Field("pieces", \.pieces, .range(1...10), .hasDefault),
        Field("price", \.price, .amount(Money(cents: 1)...Money(cents: 500))),
        Field("made", \.made, .indexed),
        Field("sold", \.sold),
        Field("special", \.isSpecial, .hasDefault),
        Field("shelf_id", \.shelf, .references(Shelf.self)),
        Field("part_id", \.part, .references(Gadget.self)),
        Field("total", \.total, .derived),
        Field("repairs", \.repairs, .range(0...9), .changedByActions),
    ]
    static let schema = Schema(of: Gadget.self)

    static func field(_ name: String) -> Field<Gadget> { fields.first { $0.name == name }! }
    static func column(_ name: String) -> Int { schema.position(of: name)! }

    /// A row whose id is this number.
    static func stored(_ number: Int, _ change: (inout Gadget) -> Void = { _ in }) -> Stored<Gadget> {
        var gadget = Gadget()
        change(&gadget)
        return Stored(id(number), gadget)
    }

    /// The same without its type.
    static func row(_ number: Int, _ change: (inout Gadget) -> Void = { _ in }) -> Row { stored(number, change).row }

    static func id(_ number: Int) -> ID<Gadget> {
        let digits = String(number)
        return ID(UUID("00000000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits)!)
    }

    static func query(_ filters: [Query.Filter] = [], _ sort: String..., limit: Int = Query.defaultLimit) -> Query {
        Query(of: schema, filters: filters, sort: sort.map { Query.SortKey($0) }, limit: limit)
    }
}

extension Stored {
    /// A new row, written when time began.
    init(_ id: ID<E>, _ value: E = E()) {
        let time = Timestamp(microseconds: 0)
        self.init(id: id, value: value, createdAt: time, updatedAt: time, version: 1)
    }
}

// Of gadgets, by the names of columns.
extension Query.Filter {
    init(_ name: String, _ comparison: Query.Comparison, _ values: Value...) {
        self.init(Gadget.column(name), comparison, values)
    }
}

extension Query.SortKey {
    /// `name`, or `-name` for the other direction.
    init(_ name: String) {
        let isDescending = name.hasPrefix("-")
        self.init(column: Gadget.column(isDescending ? String(name.dropFirst()) : name), isDescending: isDescending)
    }
}
