public import Model

/// A row that owns others, in a table whose name SQL has a meaning for.
public struct Shipment: Entity {
    public typealias Key = Int64

    public enum Status: String, Choice {
        case loaded, unloaded
    }

    public var leavesOn = Day(number: 0)
    public var carrierID = ID<Carrier>(0)
    public var freight = Money(cents: 0)
    public var toll = Money(cents: 0)
    public var total = Money(cents: 0)
    public var status = Status.loaded

    public init() {}

    public mutating func derive() { total = freight + toll }

    public static let resource = "shipments"
    public static let singular = "shipment"
    public static let fields: [Field<Shipment>] = [
        Field("leaves_on", \.leavesOn, .indexed),
        Field("carrier_id", \.carrierID, .references(Carrier.self)),
        Field("freight", \.freight, .amount(Money(cents: 0)...amountLimit)),
        Field("toll", \.toll, .amount(Money(cents: 0)...amountLimit)),
        Field("total", \.total, .derived, .indexed),
        Field("status", \.status, .changedByActions),
    ]
    public static let owned = [
        OwnedRows("parts", of: ShippedPart.self, table: "excluded", owner: ("shipment_id", Shipment.self), position: "place")
    ]
    public static let schema = Schema(of: Shipment.self)
    public static let parts = schema.owned[0]

    /// So that the total of two amounts is still an amount.
    static let amountLimit = Money(cents: Money.limit.cents / 10)
}

/// How much of a crate a shipment has.
public struct ShippedPart: Record {
    public var crateID = ID<Crate>(0)
    public var quantity: Int64 = 0

    public init() {}

    public init(_ crate: ID<Crate>, quantity: Int64) {
        crateID = crate
        self.quantity = quantity
    }

    public static let fields: [Field<ShippedPart>] = [
        Field("crate_id", \.crateID, .references(Crate.self)),
        Field("quantity", \.quantity, .range(1...1_000_000)),
    ]
}
