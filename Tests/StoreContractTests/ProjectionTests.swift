import Domain
import Model
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
                guard case .reference(let column, let parent) = E.schema.parts[part].source else { continue }
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
                    _ = try await unit.update(former, to: former.value.with(bench.samples.newValue(of: field), in: field))
                }
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all)
    func `show the lines of orders, on one and on lists`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await Shop(bench, products: 2)
            let order = try await shop.place([(1, 3), (0, 2)], bench)
            let empty = try await bench.write { try await bench.samples.row(of: Order.self, in: $0) }
            let lines = try #require(Order.schema.parts.firstIndex { $0.name == "lines" })
            var query = Query(of: Order.schema)
            query.projection = Projection(columns: [0], parts: [lines])
            let (first, second) = (shop.products[0].id, shop.products[1].id)
            func shown(_ quantity: Int) -> String {
                """
                {"id":\(order.id),"lines":[{"product_id":\(second),"quantity":\(quantity)},\
                {"product_id":\(first),"quantity":2}]}
                """
            }
            #expect(try await bench.find(order.id, query.projection).text == shown(3))
            #expect(
                try await bench.list(query).text
                    == #"{"items":[\#(shown(3)),{"id":\#(empty.id),"lines":[]}],"next":null}"#)
            try await bench.write { try await $0.upsert(lines: [line(order.id, 1, second, 4)]) }
            #expect(try await bench.find(order.id, query.projection).text == shown(4))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `of many rows depend on all that could be shown within them`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            for _ in 0..<65 { _ = try await bench.write { try await bench.samples.row(of: Product.self, in: $0) } }
            var query = Query(of: Product.schema, limit: 64)
            query.projection = Projection(parts: Product.schema.allParts)
            #expect(try await bench.list(query).tags.count == 65)
            query.limit = 65
            #expect(try await bench.list(query).tags == [Product.schema.setTag, Category.schema.setTag])
        }
    }
}

private func text(_ value: Value) -> String {
    var json = JSONWriter()
    json.value(value)
    return String(decoding: json.bytes, as: UTF8.self)
}
