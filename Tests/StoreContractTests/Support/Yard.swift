import EventLoop
import LarderTesting
import Model
import TestDomain
import Testing

extension StoreUnderTest {
    static let all = all(over: testDeclarations)
}

extension EntityUnderTest {
    static let all = all(of: testDeclarations)
}

/// Swift Testing has tags too.
typealias Tag = Model.Tag

/// A carrier and some crates, each of a depot of its own.
struct Yard {
    let carrier: Stored<Carrier>
    let crates: [Stored<Crate>]

    init(_ bench: Bench, crates count: Int, stock: Int64 = 100) async throws {
        (carrier, crates) = try await bench.write { unit in
            var crates: [Stored<Crate>] = []
            for _ in 0..<count {
                var crate = try await bench.samples.value(of: Crate.self, in: unit)
                crate.stock = stock
                crates.append(try await unit.insert(crate))
            }
            return (try await bench.samples.row(of: Carrier.self, in: unit), crates)
        }
    }

    /// A shipment of so many of the crates at these indices.
    @discardableResult
    func load(_ parts: [(crate: Int, quantity: Int64)], _ bench: Bench) async throws -> Stored<Shipment> {
        var shipment = Shipment()
        shipment.leavesOn = Day("2026-11-21")!
        shipment.carrierID = carrier.id
        let elements = parts.map { ShippedPart(crates[$0].id, quantity: $1).values }
        let fields = shipment.values
        return try await bench.write { Stored(try await Shipment.load.perform(fields, elements, in: $0, Settings())) }
    }

    func currentCrates(_ bench: Bench) async throws -> [Stored<Crate>] {
        try await bench.write { try await $0.find(Set(crates.map(\.id))) }
    }
}

extension UnitOfWork {
    /// Parts of shipments.
    func upsert(parts: [OwnedRow]) async throws { try await upsert(parts, into: Shipment.parts, of: Shipment.schema) }
}

func shippedPart(_ shipment: ID<Shipment>, _ place: Int64, _ crate: ID<Crate>, _ quantity: Int64) -> OwnedRow {
    OwnedRow(owner: shipment.value, position: place, values: ShippedPart(crate, quantity: quantity).values)
}
