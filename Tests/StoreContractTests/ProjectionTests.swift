import LarderTesting
import Model
import TestDomain
import Testing

/// What is shown of rows, and within them.
@Suite struct `Projections` {
    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `show the rows that a row refers to, and depend on them`(
        store: StoreUnderTest, entity: EntityUnderTest
    ) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let row = try await bench.write { try await bench.samples.row(of: E.self, in: $0) }
            for part in E.schema.allParts {
                guard case .reference(let column, let parent) = E.schema.parts[part].source, row.row.values[column] != .null
                else {
                    continue
                }
                try await checkPart(parent, row.row.values[column], part, row, bench)
            }
        }
        @Sendable func checkPart<E: Entity, P: Entity>(
            _ parent: P.Type, _ id: Value, _ part: Int, _ row: Stored<E>, _ bench: Bench
        ) async throws {
            let id = ID<P>(id)!
            let projection = Projection(columns: [0], parts: [part])
            var query = Query(of: E.schema)
            query.projection = projection
            for _ in 1...2 {
                let expected =
                    #"{"id":\#(text(row.id.value)),"\#(E.schema.parts[part].name)":\#(try await bench.find(id).text!)}"#
                let shown = try await bench.find(row.id, projection)
                #expect(shown.text == expected)
                #expect(shown.tags == [E.tag(of: row.id), P.tag(of: id)])
                let list = try await bench.list(query)
                #expect(list.text == #"{"items":[\#(expected)],"next":null}"#)
                #expect(list.tags == [E.schema.setTag, P.tag(of: id)])

                try await bench.write { unit in
                    let former = try #require(try await unit.find(id))
                    let field = try #require(P.givenFields.first { $0.kind == .text && $0.choices == nil && !$0.rules.isEmail })
                    _ = try await unit.update(former, to: former.value.with(bench.samples.newValue(of: field.column), in: field))
                }
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all)
    func `show the parts of shipments, on one and on lists`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let yard = try await Yard(bench, crates: 2)
            let shipment = try await yard.load([(1, 3), (0, 2)], bench)
            let empty = try await bench.write { try await bench.samples.row(of: Shipment.self, in: $0) }
            let lines = try #require(Shipment.schema.parts.firstIndex { $0.name == "parts" })
            var query = Query(of: Shipment.schema)
            query.projection = Projection(columns: [0], parts: [lines])
            let (first, second) = (yard.crates[0].id, yard.crates[1].id)
            func shown(_ quantity: Int) -> String {
                """
                {"id":\(shipment.id),"parts":[{"crate_id":\(second),"quantity":\(quantity)},\
                {"crate_id":\(first),"quantity":2}]}
                """
            }
            #expect(try await bench.find(shipment.id, query.projection).text == shown(3))
            #expect(
                try await bench.list(query).text
                    == #"{"items":[\#(shown(3)),{"id":\#(empty.id),"parts":[]}],"next":null}"#)
            try await bench.write { try await $0.upsert(parts: [shippedPart(shipment.id, 1, second, 4)]) }
            #expect(try await bench.find(shipment.id, query.projection).text == shown(4))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `of many rows depend on all that could be shown within them`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            for _ in 0..<65 { _ = try await bench.write { try await bench.samples.row(of: Crate.self, in: $0) } }
            var query = Query(of: Crate.schema, limit: 64)
            query.projection = Projection(parts: Crate.schema.allParts)
            #expect(try await bench.list(query).tags.count == 65)
            query.limit = 65
            #expect(try await bench.list(query).tags == [Crate.schema.setTag, Depot.schema.setTag])
        }
    }
}

private func text(_ value: Value) -> String {
    var json = JSONWriter()
    json.value(value)
    return String(decoding: json.bytes, as: UTF8.self)
}
