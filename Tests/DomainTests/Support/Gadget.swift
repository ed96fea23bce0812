import Domain

/// An entity with a field of each kind and each rule.
struct Gadget: Entity {
    typealias Key = UUID

    enum State: String, Choice {
        case new, worn, broken
    }

    var name = ""
    var note: String?
    var email = "nobody@example.org"
    var state = State.new
    var count: Int64 = 1
    var price = Money(cents: 100)
    var made = Day(number: 0)
    var sold: Timestamp?
    var isSpecial = false
    var category = ID<Category>(0)
    var part: ID<Gadget>?
    var total = Money(cents: 0)

    init() {}

    mutating func derive() { total = Money(cents: price.cents * count) }

    static let resource = "gadgets"
    static let singular = "gadget"
    static let fields: [Field<Gadget>] = [
        Field("name", \.name, .length(2...8), .unique),
        Field("note", \.note, .length(0...5)),
        Field("email", \.email, .length(3...30), .email, .hasDefault),
        Field("state", \.state, .hasDefault),
        Field("count", \.count, .range(1...10), .hasDefault),
        Field("price", \.price, .amount(Money(cents: 1)...Money(cents: 500))),
        Field("made", \.made),
        Field("sold", \.sold),
        Field("special", \.isSpecial, .hasDefault),
        Field("category_id", \.category, .references(Category.self)),
        Field("part_id", \.part, .references("gadgets")),
        Field("total", \.total, .derived),
    ]
    static let schema = Schema<Gadget>()

    static func field(_ name: String) -> Field<Gadget> { fields.first { $0.name == name }! }
    static func column(_ name: String) -> Int { schema.position(of: name)! }

    /// A row whose id is this number.
    static func row(_ number: Int, _ change: (inout Gadget) -> Void = { _ in }) -> Stored<Gadget> {
        var row = Stored<Gadget>()
        row.id = id(number)
        change(&row.value)
        return row
    }

    static func id(_ number: Int) -> ID<Gadget> {
        let digits = String(number)
        return ID(UUID("00000000-0000-7000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits)!)
    }
}

extension Query<Gadget>.Filter {
    init(_ name: String, _ comparison: Query<Gadget>.Comparison, _ values: Value...) {
        self.init(Gadget.column(name), comparison, values)
    }
}

extension Query<Gadget>.SortKey {
    /// `name`, or `-name` for the other direction.
    init(_ name: String) {
        let isDescending = name.hasPrefix("-")
        self.init(column: Gadget.column(isDescending ? String(name.dropFirst()) : name), isDescending: isDescending)
    }
}
