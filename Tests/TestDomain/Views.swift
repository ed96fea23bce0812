public import Model

/// A view of rows that refer to its subject, of what they own, and of what that refers to.
public struct CarrierLoad: Record {
    public var carrierID = ID<Carrier>(0)
    public var shipments: Int64 = 0
    public var total = MoneySum()
    public var depots: [Stored<Depot>] = []

    public init() {}

    public static let fields: [Field<CarrierLoad>] = [
        Field("carrier_id", \.carrierID, .references(Carrier.self)),
        Field("shipments", \.shipments, .range(0...Int64.max)),
        Field("total", \.total),
    ]
    public static let lists = [RecordList<CarrierLoad>("depots", \.depots)]

    public static let view = View("load", of: Carrier.self, "What a carrier carries", as: CarrierLoad.self) {
        carrier, snapshot in
        var load = CarrierLoad()
        load.carrierID = carrier.id
        let shipments = try await snapshot.list(Shipment.self, where: Shipment.filter(\.carrierID, carrier.id))
            .filter { $0.status == .loaded }
        load.shipments = Int64(shipments.count)
        for shipment in shipments { load.total += shipment.total }
        let parts = try await snapshot.owned("parts", as: ShippedPart.self, of: shipments).map(\.record)
        let crates = try await snapshot.find(Set(parts.map(\.crateID)))
        load.depots = try await snapshot.find(Set(crates.map(\.depotID))).sorted { $0.id.key < $1.id.key }
        return load
    }
}

/// A view of all rows of another resource.
public struct CrateTravels: Record {
    public var crateID = ID<Crate>(0)
    public var quantity: Int64 = 0

    public init() {}

    public static let fields: [Field<CrateTravels>] = [
        Field("crate_id", \.crateID, .references(Crate.self)),
        Field("quantity", \.quantity, .range(0...Int64.max)),
    ]

    public static let view = View("travels", of: Crate.self, "How much of a crate is on its way", as: CrateTravels.self) {
        crate, snapshot in
        var travels = CrateTravels()
        travels.crateID = crate.id
        let shipments = try await snapshot.list(Shipment.self).filter { $0.status == .loaded }
        for part in try await snapshot.owned("parts", as: ShippedPart.self, of: shipments).map(\.record)
        where part.crateID == crate.id {
            travels.quantity += part.quantity
        }
        return travels
    }
}
