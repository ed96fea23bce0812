import LarderTesting
import Model
import TestDomain
import Testing

/// What no write may break, as the testDeclarations of the fields say it.
@Suite struct `Constraints` {
    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `keep a unique value from a second row`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let row = try await bench.write { try await bench.samples.row(of: E.self, in: $0) }
            for field in E.fields where field.rules.isUnique {
                let taken = field.value(of: row.value)
                try await bench.write(fails: .duplicate(field: field.name)) { unit in
                    let other = try await bench.samples.value(of: E.self, in: unit)
                    _ = try await unit.insert(other.with(taken, in: field))
                }
                try await bench.write(fails: .duplicate(field: field.name)) { unit in
                    let other = try await bench.samples.row(of: E.self, in: unit)
                    _ = try await unit.update(other, to: other.value.with(taken, in: field))
                }
                try await bench.write(fails: .duplicate(field: field.name)) { unit in
                    let other = try await bench.samples.value(of: E.self, in: unit)
                    try await unit.upsert([(unusedID(of: E.self), other.with(taken, in: field))])
                }
            }
            #expect(try await bench.find(row.id).text == text(row))
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `let rows exchange unique values that are updated together, and no row take one that stays`(
        store: StoreUnderTest, entity: EntityUnderTest
    ) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            for field in E.fields where field.rules.isUnique {
                let rows = try await bench.write { unit in
                    var rows: [Stored<E>] = []
                    for _ in 0..<4 { rows.append(try await bench.samples.row(of: E.self, in: unit)) }
                    // In the order of their ids, as they will be found again.
                    return try await unit.find(Set(rows.map(\.id)))
                }
                let values = rows.map { field.value(of: $0.value) }
                // Three in a circle; then two that exchange theirs, in an upsert.
                try await bench.write { unit in
                    _ = try await unit.update((0..<3).map { (rows[$0], rows[$0].value.with(values[($0 + 1) % 3], in: field)) })
                }
                let turned = try await bench.write { try await $0.find(Set(rows.map(\.id))) }
                #expect(turned.map { field.value(of: $0.value) } == [values[1], values[2], values[0], values[3]])
                try await bench.write { unit in
                    try await unit.upsert([
                        (turned[0].id, turned[0].value.with(values[2], in: field)),
                        (turned[1].id, turned[1].value.with(values[1], in: field)),
                    ])
                }
                for (row, value) in zip(turned, [values[2], values[1], values[0], values[3]]) {
                    let query = Query(of: E.schema, filters: [Query.Filter(E.position(of: field), .equal, [value])])
                    #expect(try await bench.store.repository(of: E.schema).ids(query, deadline: .max) == [row.id.value])
                }
                try await bench.write(fails: .duplicate(field: field.name)) { unit in
                    let now = try await unit.find(Set(rows.map(\.id)))
                    _ = try await unit.update([
                        (now[0], now[0].value.with(values[1], in: field)), (now[1], now[1].value.with(values[3], in: field)),
                    ])
                }
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `free a unique value with its row, also in the same transaction`(
        store: StoreUnderTest, entity: EntityUnderTest
    ) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            for field in E.fields where field.rules.isUnique {
                let (deleted, changed) = try await bench.write { unit in
                    (try await bench.samples.row(of: E.self, in: unit), try await bench.samples.row(of: E.self, in: unit))
                }
                let freed = [field.value(of: deleted.value), field.value(of: changed.value)]
                try await bench.write { unit in
                    try await unit.delete(deleted)
                    let other = try await bench.samples.value(of: E.self, in: unit)
                    _ = try await unit.update(changed, to: changed.value.with(field.value(of: other), in: field))
                    for value in freed {
                        let next = try await bench.samples.value(of: E.self, in: unit)
                        _ = try await unit.insert(next.with(value, in: field))
                    }
                }
                let filter = Query.Filter(E.position(of: field), .isIn, freed)
                try await bench.expect(2, of: E.self, where: filter)
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all)
    func `tell two spellings of one character apart`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            try await bench.write { unit in
                for name in ["caf\u{E9}", "cafe\u{301}", "CAFE", "cafe", " cafe"] {
                    var depot = Depot()
                    depot.name = name
                    _ = try await unit.insert(depot)
                }
            }
            let composed = Depot.schema.filter("name", .equal, .text("caf\u{E9}"))
            let decomposed = Depot.schema.filter("name", .equal, .text("cafe\u{301}"))
            try await bench.expect(1, of: Depot.self, where: composed)
            try await bench.expect(1, of: Depot.self, where: decomposed)
            #expect(
                try await bench.list(Query(of: Depot.schema, filters: [composed]))
                    != bench.list(Query(of: Depot.schema, filters: [decomposed])))
        }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `demand the rows that are referred to`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let row = try await bench.write { try await bench.samples.row(of: E.self, in: $0) }
            for field in E.referenceFields {
                let target = try #require(field.rules.target)
                let error = DomainError.missingReference(field: field.name, resource: target.resource)
                let dangling = unusedValue(of: target)
                try await bench.write(fails: error) { unit in
                    let value = try await bench.samples.value(of: E.self, in: unit)
                    _ = try await unit.insert(value.with(dangling, in: field))
                }
                try await bench.write(fails: error) { unit in
                    _ = try await unit.update(row, to: row.value.with(dangling, in: field))
                }
                try await bench.write(fails: error) { unit in
                    try await unit.upsert([(row.id, row.value.with(dangling, in: field))])
                }
                #expect(try await bench.find(row.id).text == text(row))
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `keep a row while another refers to it`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            for field in E.referenceFields {
                let parent = try #require(field.rules.target)
                let row = try await bench.write { try await bench.samples.row(of: E.self, in: $0) }
                let value = field.value(of: row.value)
                try await bench.write(fails: .stillReferenced(by: E.resource)) { unit in
                    try await Self.delete(parent, value, in: unit)
                }
                try await bench.write { unit in
                    try await unit.delete(row)
                    try await Self.delete(parent, value, in: unit)
                }
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `let a row go when nobody refers to it any more`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            for field in E.referenceFields {
                let parent = try #require(field.rules.target)
                let row = try await bench.write { try await bench.samples.row(of: E.self, in: $0) }
                try await bench.write { unit in
                    let other = try await bench.samples.parent(of: parent, in: unit)
                    _ = try await unit.update(row, to: row.value.with(other, in: field))
                    try await Self.delete(parent, field.value(of: row.value), in: unit)
                }
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    private static func delete<E: Entity>(_ entity: E.Type, _ id: Value, in unit: UnitOfWork) async throws {
        try await unit.delete(try #require(try await unit.find(ID<E>(id)!)))
    }
}
