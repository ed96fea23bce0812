import EventLoop
import LarderTesting
import Model
import TestDomain
import Testing

/// What a unit of work finds by a query is its own until its end.
@Suite struct `Queries of a unit of work` {
    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `find what a list shows, in its order`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let expected = try await ExpectedRows<E>(bench, rows: 15)
            var random = SeededNumbers(seed: 3)
            for limit in [1, 4, 15, 100] {
                let keys = [expected.randomKey(using: &random), expected.randomKey(using: &random)]
                let query = Query(of: E.schema, sort: keys[0].column == keys[1].column ? [keys[0]] : keys, limit: limit)
                let found = try await bench.write { try await $0.list(query) }
                #expect(found.map(\.values) == expected.rows(of: query).prefix(limit).map(\.values))
            }
            let field = E.fields[0]
            let value = field.value(of: expected.rows[0].value)
            var query = Query(of: E.schema, filters: [Query.Filter(E.position(of: field), .equal, [value])])
            let first = try #require(try await bench.write { try await $0.list(query) }.first)
            #expect(first.values == expected.rows(of: query)[0].values)
            query.cursor = query.cursor(after: first)
            let next = try await bench.write { try await $0.list(query) }
            #expect(next.map(\.id) == expected.rows(of: query).dropFirst().map(\.id))
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all)
    func `see what the unit wrote, and nothing where nothing is`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let yard = try await Yard(bench, crates: 3, stock: 1)
            try await bench.write { unit in
                #expect(try await unit.first(Crate.self, where: Crate.filter(\.stock, .greater, 1))?.id == nil)
                #expect(try await unit.list(Crate.self, where: Crate.filter(\.stock, 7), limit: 1).isEmpty)
                var value = yard.crates[1].value
                value.stock = 7
                _ = try await unit.update(yard.crates[1], to: value)
                try await unit.delete(yard.crates[0])
                let first = try await unit.first(Crate.self, where: Crate.filter(\.stock, .greater, 1))
                #expect(first?.id == yard.crates[1].id)
                let byStock = try await unit.list(Crate.self, sort: [Crate.sortKey(\.stock, isDescending: true)], limit: 9)
                #expect(byStock.map(\.id) == [yard.crates[1].id, yard.crates[2].id])
                #expect(try await unit.list(Crate.self, sort: [Crate.sortKey(\.stock)], limit: 1).map(\.stock) == [1])
            }
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `lock what they find, so that no two units take the same piece`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let yard = try await Yard(bench, crates: 3, stock: 3)
            var empty = 0
            let failures = await bench.concurrently(
                (0..<10).map { _ in
                    {
                        try await bench.write { unit in
                            let found = try await unit.first(Crate.self, where: Crate.filter(\.stock, .greater, 0))
                            guard let crate = found else {
                                empty += 1
                                return
                            }
                            await bench.loop.sleep(milliseconds: 1)
                            var value = crate.value
                            value.stock -= 1
                            _ = try await unit.update(crate, to: value)
                        }
                    }
                })
            #expect(failures.isEmpty)
            #expect(empty == 1)
            #expect(try await yard.currentCrates(bench).map(\.stock) == [0, 0, 0])
        }
    }
}
