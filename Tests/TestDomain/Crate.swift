public import Model

/// A row with a field of each kind and each rule, with null and without.
public struct Crate: Entity {
    public typealias Key = Int64

    public enum Grade: String, Choice {
        case fine, coarse
        case soSo = "so-so"
    }

    public var depotID = ID<Depot>(0)
    public var label = ""
    public var price = Money(cents: 0)
    public var discount: Money?
    public var stock: Int64 = 0
    public var sent: Int64 = 0
    public var isFragile = false
    public var isOpen: Bool?
    public var grade = Grade.fine
    public var other: Grade?
    public var note: String?
    public var contact: String?
    public var packedOn = Day(number: 0)
    public var dueOn: Day?
    public var weighedAt = Timestamp(microseconds: 0)
    public var openedAt: Timestamp?
    public var seal = UUID.zero
    public var twin: UUID?
    public var insideID: ID<Crate>?
    public var worth = Money(cents: 0)
    public var moves: Int64 = 0

    public init() {}

    public mutating func derive() { worth = price + price }

    public static let resource = "crates"
    public static let singular = "crate"
    public static let fields: [Field<Crate>] = [
        Field("depot_id", \.depotID, .references(Depot.self)),
        Field("label", \.label, .length(1...200), .indexed),
        Field("price", \.price, .amount(Money(cents: 0)...Money(cents: 1_000_000_00)), .indexed),
        Field("discount", \.discount),
        Field("stock", \.stock, .range(pieces), .hasDefault),
        Field("sent", \.sent, .range(pieces), .hasDefault),
        Field("is_fragile", \.isFragile, .hasDefault),
        Field("is_open", \.isOpen),
        Field("grade", \.grade, .hasDefault),
        Field("other", \.other),
        Field("note", \.note, .length(0...50)),
        Field("contact", \.contact, .length(3...254), .email),
        Field("packed_on", \.packedOn, .indexed),
        Field("due_on", \.dueOn),
        Field("weighed_at", \.weighedAt),
        Field("opened_at", \.openedAt),
        Field("seal", \.seal),
        Field("twin", \.twin),
        Field("inside_id", \.insideID, .references(Crate.self)),
        Field("worth", \.worth, .derived, .indexed),
        Field("moves", \.moves, .range(pieces), .changedByActions),
    ]
    public static let schema = Schema(of: Crate.self)

    public static let pieces: ClosedRange<Int64> = 0...1_000_000_000
}
