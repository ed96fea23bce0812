import EventLoop
import LarderTesting
import Model
import TestDomain
import Testing

/// Rows that come with their ids.
@Suite struct `Imported rows` {
    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `are inserted, or replace what is there`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let present = try await bench.write { try await bench.samples.row(of: E.self, in: $0) }
            let new = unusedID(of: E.self)
            let values = try await bench.write { unit in
                let values = [
                    try await bench.samples.value(of: E.self, in: unit), try await bench.samples.value(of: E.self, in: unit),
                ]
                try await unit.upsert([(new, values[0]), (present.id, values[1])])
                return values
            }
            let rows = try await bench.write { unit in
                [try #require(try await unit.find(new)), try #require(try await unit.find(present.id))]
            }
            #expect(rows.map(\.version) == [1, 2])
            #expect(rows[1].createdAt == present.createdAt)
            #expect(rows[1].updatedAt >= present.updatedAt)
            for (row, value) in zip(rows, values) {
                for field in E.fields { #expect(field.value(of: row.value) == field.value(of: value)) }
                #expect(try await bench.find(row.id).text == text(row))
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `that are there already change nothing and touch nothing`(
        store: StoreUnderTest, entity: EntityUnderTest
    ) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let (same, other) = try await bench.write { unit in
                (try await bench.samples.row(of: E.self, in: unit), try await bench.samples.row(of: E.self, in: unit))
            }
            let touched = try await bench.write { unit in
                try await unit.upsert([(same.id, same.value)])
                return unit.touched
            }
            #expect(touched.isEmpty)
            #expect(try await bench.find(same.id).text == text(same), "with its version and its times")
            let value = try await bench.write { unit in
                let value = try await bench.samples.value(of: E.self, in: unit)
                try await unit.upsert([(same.id, same.value), (other.id, value)])
                #expect(!unit.touched.contains(E.tag(of: same.id)))
                #expect(unit.touched.contains(E.tag(of: other.id)))
                return value
            }
            let rows = try await bench.write { unit in
                [try #require(try await unit.find(same.id)), try #require(try await unit.find(other.id))]
            }
            #expect(rows.map(\.version) == [1, 2])
            for field in E.fields { #expect(field.value(of: rows[1].value) == field.value(of: value)) }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    /// The second transaction comes when the row is there, but not committed yet.
    @Test(arguments: StoreUnderTest.all)
    func `touch the part in which another transaction puts them at the same moment`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let (theirs, ours) = try await bench.write { unit in
                (
                    try await bench.samples.value(of: Shipment.self, in: unit),
                    try await bench.samples.value(of: Shipment.self, in: unit)
                )
            }
            var isThere = false
            var touched: Set<Tag> = []
            let failures = await bench.concurrently([
                {
                    try await bench.write { unit in
                        try await unit.upsert([(ID<Shipment>(7), theirs)])
                        isThere = true
                        await bench.loop.sleep(milliseconds: 200)
                    }
                },
                {
                    while !isThere { await bench.loop.sleep(milliseconds: 1) }
                    try await bench.write { unit in
                        try await unit.upsert([(ID<Shipment>(7), ours)])
                        touched = unit.touched
                    }
                },
            ])
            #expect(failures.isEmpty)
            #expect(touched.contains(Tag("shipments/carrier_id=\(theirs.carrierID)")))
            #expect(touched.contains(Tag("shipments/carrier_id=\(ours.carrierID)")))
            try await bench.expect(0, of: Shipment.self, where: Shipment.filter(\.carrierID, theirs.carrierID))
            try await bench.expect(1, of: Shipment.self, where: Shipment.filter(\.carrierID, ours.carrierID))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `come in whatever order at the same time`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            var bodies: [() async throws -> Void] = []
            for number in 0..<3 {
                bodies.append {
                    for round in 0..<10 {
                        try await bench.write { unit in
                            var rows = (1...100).map { id -> (ID<Depot>, Depot) in
                                var depot = Depot()
                                depot.name = "\(id) of \(number), \(round)"
                                return (ID(Int64(id)), depot)
                            }
                            rows.shuffle()
                            try await unit.upsert(rows)
                        }
                    }
                }
            }
            #expect(await bench.concurrently(bodies).isEmpty, "nobody waits for another who waits for him")
            try await bench.expect(100, of: Depot.self)
        }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `count once if one id comes twice, as the last says`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let id = unusedID(of: E.self)
            let (row, last) = try await bench.write { unit in
                let first = try await bench.samples.value(of: E.self, in: unit)
                let last = try await bench.samples.value(of: E.self, in: unit)
                try await unit.upsert([(id, first), (id, last)])
                return (try #require(try await unit.find(id)), last)
            }
            #expect(row.version == 1)
            for field in E.fields { #expect(field.value(of: row.value) == field.value(of: last)) }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `use up their ids, as do rows that are gone or never came to be`(
        store: StoreUnderTest, entity: EntityUnderTest
    ) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            guard E.Key.kind == .integer else { return }  // nobody makes a UUID twice
            var highest: Int64 = 0
            func insert() async throws -> Stored<E> {
                let row = try await bench.write { try await bench.samples.row(of: E.self, in: $0) }
                let id = try #require(Int64(row.id.value))
                #expect(id > highest)
                highest = id
                return row
            }
            _ = try await insert()
            let last = try await insert()
            try await bench.write { try await $0.delete(last) }
            _ = try await insert()

            let imported = highest + 1000
            try await bench.write { unit in
                let value = try await bench.samples.value(of: E.self, in: unit)
                let other = try await bench.samples.value(of: E.self, in: unit)
                try await unit.upsert([(ID(.integer(imported))!, value), (ID(.integer(highest + 10))!, other)])
            }
            highest = imported
            _ = try await insert()
            // An id below those that were given changes nothing.
            try await bench.write { unit in
                try await unit.upsert([(ID(.integer(imported - 1))!, try await bench.samples.value(of: E.self, in: unit))])
            }
            _ = try await insert()

            var rolledBack: Int64?
            try? await bench.write { unit in
                rolledBack = Int64(try await bench.samples.row(of: E.self, in: unit).id.value)
                throw DomainError.preconditionFailed
            }
            highest = try #require(rolledBack)
            _ = try await insert()
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `have ids behind which others can follow`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            guard E.Key.kind == .integer else {
                // A UUID is taken as it is, of whatever version: none is counted on from.
                for text in [
                    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
                    "6fa459ea-ee8a-1ca4-894e-db77e160355e", "f47ac10b-58cc-4372-a567-0e02b2c3d479",
                ] {
                    let id = try #require(ID<E>(.uuid(UUID(text)!)))
                    try await bench.write { try await $0.upsert([(id, try await bench.samples.value(of: E.self, in: $0))]) }
                    #expect(try await bench.find(id).text != nil)
                }
                return
            }
            for number in [Int64.min, -1, 0, 1 << 53, 1 << 62, .max - 1, .max] {
                await #expect(throws: DomainError.self) {
                    try await bench.write { unit in
                        try await unit.upsert([(ID(.integer(number))!, try await bench.samples.value(of: E.self, in: unit))])
                    }
                }
            }
            let last = (Int64(1) << 53) - 1
            try await bench.write { unit in
                try await unit.upsert([(ID(.integer(last))!, try await bench.samples.value(of: E.self, in: unit))])
            }
            let next = try await bench.write { try await bench.samples.row(of: E.self, in: $0) }
            #expect(next.id.value == .integer(last + 1), "the counter goes on")
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `without ids are given some, and stay as they are given`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let touched = try await bench.write { unit in
                let values = [
                    try await bench.samples.value(of: E.self, in: unit), try await bench.samples.value(of: E.self, in: unit),
                ]
                for value in values { _ = try await unit.insert(value.values, into: E.schema, derives: false) }
                return unit.touched
            }
            #expect(touched.contains(Tag(E.resource)))
            try await bench.expect(2, of: E.self)
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all)
    func `keep what would follow from other fields`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let row = try await bench.write { unit in
                var shipment = try await bench.samples.value(of: Shipment.self, in: unit)
                shipment.freight = Money(cents: 5800)
                shipment.toll = Money(cents: 479)
                shipment.total = Money(cents: 6278)
                try await unit.upsert([(ID<Shipment>(7), shipment)])
                return try #require(try await unit.find(ID<Shipment>(7)))
            }
            #expect(row.total == Money(cents: 6278))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `come by the thousand`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            try await bench.write { unit in
                try await unit.upsert(
                    (1...3000).map { number in
                        var depot = Depot()
                        depot.name = "depot \(number)"
                        return (ID<Depot>(Int64(number)), depot)
                    })
                try await unit.upsert([(id: ID<Depot>, value: Depot)]())
                try await unit.upsert(parts: [])
            }
            try await bench.expect(3000, of: Depot.self)
        }
    }
}
