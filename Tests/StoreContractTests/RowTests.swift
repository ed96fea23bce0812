import LarderTesting
import Model
import TestDomain
import Testing

/// What becomes of the rows of any resource.
@Suite struct `Rows` {
    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `are given an id, version 1 and their times`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let before = Timestamp.now
            var given = E()
            let (first, second) = try await bench.write { unit in
                given = try await bench.samples.value(of: E.self, in: unit)
                return (try await unit.insert(given), try await bench.samples.row(of: E.self, in: unit))
            }
            #expect(first.id != second.id)
            #expect(first.version == 1)
            #expect(first.createdAt == first.updatedAt)
            // Another machine's clock may differ a little.
            #expect(abs(first.createdAt.microseconds - before.microseconds) < 60_000_000)
            given.derive()
            for field in E.fields { #expect(field.value(of: first.value) == field.value(of: given)) }

            #expect(try await bench.find(first.id).text == text(first))
            #expect(try await bench.find(second.id).text == text(second))
            #expect(try await bench.find(first.id).tags == [E.tag(of: first.id)])
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `are found only if they are there`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let id = try await bench.write { try await bench.samples.row(of: E.self, in: $0).id }
            let other = unusedID(of: E.self)
            let reading = try await bench.find(other)
            #expect(reading.text == nil)
            #expect(reading.tags == [E.tag(of: other)])
            let (missing, both, none) = try await bench.write { unit in
                (try await unit.find(other), try await unit.find([other, id]), try await unit.find(Set<ID<E>>()))
            }
            #expect(missing == nil)
            #expect(both.map(\.id) == [id])
            #expect(none.isEmpty)
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `are found in the order of their ids`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            try await bench.write { unit in
                var ids: Set<ID<E>> = []
                for _ in 0..<12 { ids.insert(try await bench.samples.row(of: E.self, in: unit).id) }
                let found = try await unit.find(ids).map(\.id)
                #expect(found == ids.sorted { Value.isOrderedBefore($0.value, $1.value) })
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `count their changes, field by field`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            var row = try await bench.write { try await bench.samples.row(of: E.self, in: $0) }
            for field in E.givenFields {
                let former = row
                row = try await bench.write { unit in
                    let other = try await bench.samples.value(of: E.self, in: unit)
                    let row = try #require(try await unit.find(former.id))
                    return try await unit.update(row, to: row.value.with(field.value(of: other), in: field))
                }
                if row.version == former.version { continue }  // the other value was the same by chance
                #expect(row.id == former.id)
                #expect(row.version == former.version + 1)
                #expect(row.createdAt == former.createdAt)
                #expect(row.updatedAt >= former.updatedAt)
                #expect(try await bench.find(row.id).text == text(row))
            }
            #expect(row.version > 1)
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `stay as they are when nothing changes`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let row = try await bench.write { try await bench.samples.row(of: E.self, in: $0) }
            try await bench.write { unit in
                let found = try #require(try await unit.find(row.id))
                let updated = try await unit.update(found, to: row.value)
                #expect(updated.row.values == row.row.values)
                #expect(unit.touched.isEmpty)
            }
            #expect(try await bench.find(row.id).text == text(row))
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `can be changed together, and come back in the same order`(
        store: StoreUnderTest, entity: EntityUnderTest
    ) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            try await bench.write { unit in
                let rows = [
                    try await bench.samples.row(of: E.self, in: unit), try await bench.samples.row(of: E.self, in: unit),
                    try await bench.samples.row(of: E.self, in: unit),
                ]
                let first = try await bench.samples.value(of: E.self, in: unit)
                let third = try await bench.samples.value(of: E.self, in: unit)
                let updated = try await unit.update([(rows[2], third), (rows[1], rows[1].value), (rows[0], first)])
                #expect(updated.map(\.id) == [rows[2].id, rows[1].id, rows[0].id])
                #expect(updated.map(\.version) == [2, 1, 2])
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `are gone when they are deleted`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let (row, other) = try await bench.write { unit in
                (try await bench.samples.row(of: E.self, in: unit), try await bench.samples.row(of: E.self, in: unit))
            }
            try await bench.write { unit in
                try await unit.delete(try #require(try await unit.find(row.id)))
                #expect(try await unit.find(row.id) == nil)
            }
            #expect(try await bench.find(row.id).text == nil)
            #expect(try await bench.find(other.id).text == text(other))
        }
        try await store.run { try await check(entity.type, $0) }
    }
}
