public import Model

extension Shipment {
    /// A creation that changes other rows: what is sent is taken from the stock.
    public static let load = CreatingAction(
        Shipment.self, with: "parts", of: ShippedPart.self, count: 1...100, computes: [\.freight, \.toll],
        "A shipment that takes its parts from the crates.", refuses: [outOfStock]
    ) { shipment, parts, unit, settings in
        var shipment = shipment
        let wanted = parts.quantities
        let crates = try await unit.find(Set(wanted.keys))
        for (index, part) in parts.enumerated() where !crates.contains(where: { $0.id == part.crateID }) {
            throw DomainError.missingReference(field: "parts/\(index)/crate_id", resource: Crate.resource)
        }
        shipment.freight = Money.total(crates.map { ($0.price, wanted[$0.id] ?? 0) }) ?? amountLimit
        shipment.toll = shipment.freight.share(settings[dues])
        _ = try await unit.update(
            try crates.map { crate in
                let quantity = wanted[crate.id] ?? 0
                guard crate.stock >= quantity else {
                    throw outOfStock.because("Crate \(crate.id) has \(crate.stock) in stock, and \(quantity) are wanted.")
                }
                var value = crate.value
                value.stock -= quantity
                value.sent += quantity
                return (row: crate, value: value)
            })
        let loaded = try await unit.insert(shipment)
        try await unit.put(parts, as: "parts", of: loaded)
        return loaded
    }

    /// What is paid on top of the freight.
    public static let dues = Setting(
        "DUES_PERCENT", default: Percent("8.25")!,
        expects: "a percentage from 0 to 100 with at most four decimals, such as 8.25", "The toll of shipments that are loaded."
    ) { Percent($0) }

    /// An action that gives back what the creation took, once.
    public static let unload = RowAction("unload", of: Shipment.self, "Unload a shipment.", refuses: [unloadedAlready]) {
        shipment, unit, _ in
        guard shipment.status == .loaded else {
            throw unloadedAlready.because("Shipment \(shipment.id) is unloaded already.")
        }
        let parts: [ShippedPart] = try await unit.owned("parts", of: shipment)
        let returned = parts.quantities
        _ = try await unit.update(
            try await unit.find(Set(returned.keys)).map { crate in
                let quantity = returned[crate.id] ?? 0
                var value = crate.value
                value.stock = min(value.stock + quantity, Crate.pieces.upperBound)
                value.sent = Swift.max(0, value.sent - quantity)
                return (row: crate, value: value)
            })
        var unloaded = shipment.value
        unloaded.status = .unloaded
        return try await unit.update(shipment, to: unloaded)
    }

    private static let outOfStock = Refusal.Reason("out-of-stock", example: "Crate 7 has 1 in stock, and 3 are wanted.")
    private static let unloadedAlready = Refusal.Reason("unloaded-already", example: "Shipment 7 is unloaded already.")
}

extension [ShippedPart] {
    /// How much of each crate they have together.
    var quantities: [ID<Crate>: Int64] { reduce(into: [:]) { $0[$1.crateID, default: 0] += $1.quantity } }
}
