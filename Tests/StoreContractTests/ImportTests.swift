import Domain
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

    @Test(arguments: StoreUnderTest.all)
    func `keep what would follow from other fields`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let row = try await bench.write { unit in
                var order = try await bench.samples.value(of: Order.self, in: unit)
                order.netAmount = Money(cents: 5800)
                order.tax = Money(cents: 479)
                order.totalAmount = Money(cents: 6278)
                try await unit.upsert([(ID<Order>(7), order)])
                return try #require(try await unit.find(ID<Order>(7)))
            }
            #expect(row.totalAmount == Money(cents: 6278))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `come by the thousand`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            try await bench.write { unit in
                try await unit.upsert(
                    (1...3000).map { number in
                        var category = Category()
                        category.name = "category \(number)"
                        return (ID<Category>(Int64(number)), category)
                    })
                try await unit.upsert([(id: ID<Category>, value: Category)]())
                try await unit.upsert(lines: [])
            }
            try await bench.expect(3000, of: Category.self)
        }
    }
}
