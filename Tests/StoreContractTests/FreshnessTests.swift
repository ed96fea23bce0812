import LarderTesting
import Model
import TestDomain
import Testing

/// The heart of freshness: whoever caches the result of a read may keep it until one of its tags is touched, and a cache
/// that does so shows what the store has.
@Suite struct `Tags` {
    /// Random reads before and after random writes: a read whose result has changed must share a tag with the write.
    @Test(arguments: StoreUnderTest.all, 1...4)
    func `of a write meet those of each read whose result it changes`(store: StoreUnderTest, seed: UInt64) async throws {
        try await store.run { bench in
            var writer = RandomWriter(testDeclarations, bench, seed: seed)
            for _ in 0..<15 { _ = try await writer.write() }
            for _ in 0..<8 {
                let probes = writer.probes(40)
                var readings: [Reading] = []
                for probe in probes { readings.append(try await probe.read(bench)) }
                for _ in 0..<6 {
                    let (kind, touched) = try await writer.write()
                    for (index, probe) in probes.enumerated() {
                        let before = readings[index]
                        readings[index] = try await probe.read(bench)
                        let after = readings[index].text
                        if let base = bench.base {
                            let truth = try await probe.read(base).text
                            #expect(after == truth, "\(kind)and the cache still has \(probe.name)")
                        }
                        guard after != before.text else { continue }
                        #expect(
                            !touched.isDisjoint(with: before.tags),
                            """
                            \(kind)changed \(probe.name) from \(before.text ?? "nothing") to \(after ?? "nothing"), \
                            but touched only \(touched)
                            """)
                    }
                }
            }
        }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `of a row that is made or removed meet those of each read that does not find it`(
        store: StoreUnderTest, entity: EntityUnderTest
    ) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            /// Reads the row in all ways, twice, so that the second time it is what a cache remembers.
            func readings(of id: ID<E>) async throws -> [Reading] {
                var readings: [Reading] = []
                for _ in 1...2 {
                    readings += [try await bench.find(id), try await bench.find(id, Projection(parts: E.schema.allParts))]
                    for view in testDeclarations.views(of: E.schema) { readings.append(try await bench.view(view, of: id.value)) }
                }
                return readings
            }
            /// Expects that what was written touches what was read, and that it shows.
            func expect(_ touched: Set<Tag>, _ before: [Reading], _ after: [Reading]) {
                for (before, after) in zip(before, after) {
                    #expect((before.text == nil) != (after.text == nil))
                    #expect(!touched.isDisjoint(with: before.tags))
                }
            }
            let id = unusedID(of: E.self)
            let never = try await readings(of: id)
            let made = try await bench.write { unit in
                try await unit.upsert([(id, try await bench.samples.value(of: E.self, in: unit))])
                return unit.touched
            }
            let there = try await readings(of: id)
            expect(made, never, there)
            let removed = try await bench.write { unit in
                try await unit.delete(try #require(try await unit.find(id)))
                return unit.touched
            }
            expect(removed, there, try await readings(of: id))

            guard case .integer(let highest) = id.value, let next = ID<E>(.integer(highest + 1)) else { return }
            let notYet = try await readings(of: next)
            let counted = try await bench.write { unit in
                let row = try await bench.samples.row(of: E.self, in: unit)
                #expect(row.id == next, "the store counts on")
                return unit.touched
            }
            expect(counted, notYet, try await readings(of: next))
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `of a failed write are of no consequence`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let row = try await bench.write { try await bench.samples.row(of: E.self, in: $0) }
            let before = (try await bench.find(row.id), try await bench.list(Query(of: E.schema)))
            try? await bench.write { unit in
                _ = try await unit.update(row, to: try await bench.samples.value(of: E.self, in: unit))
                throw DomainError.preconditionFailed
            }
            #expect(try await bench.find(row.id) == before.0)
            #expect(try await bench.list(Query(of: E.schema)) == before.1)
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all)
    func `are as narrow as the part of the set that is read`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let (mine, others) = try await bench.write { unit in
                (
                    try await bench.samples.row(of: Shipment.self, in: unit),
                    try await bench.samples.row(of: Shipment.self, in: unit)
                )
            }
            let ofCarrier = Shipment.schema.filter("carrier_id", .equal, mine.carrierID.value)
            let list = try await bench.list(Query(of: Shipment.schema, filters: [ofCarrier]))
            let count = try await bench.count([ofCarrier], of: Shipment.schema)
            let load = try await bench.view(CarrierLoad.view, of: mine.carrierID.value)
            let touched = try await bench.write { unit in
                var value = others.value
                value.freight = Money(cents: 1)
                _ = try await unit.update(others, to: value)
                return unit.touched
            }
            #expect(touched.isDisjoint(with: list.tags))
            #expect(touched.isDisjoint(with: count.tags))
            #expect(touched.isDisjoint(with: load.tags))
        }
    }
}
