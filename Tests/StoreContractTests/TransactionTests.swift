import EventLoop
import LarderTesting
import Model
import TestDomain
import Testing

/// One unit of work: all of it or nothing, and nobody sees a part.
@Suite struct `Transactions` {
    private struct Refused: Error {}

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `that fail leave nothing`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let (kept, changed) = try await bench.write { unit in
                (try await bench.samples.row(of: E.self, in: unit), try await bench.samples.row(of: E.self, in: unit))
            }
            let count = try await bench.count([], of: E.schema)
            await #expect(throws: Refused.self) {
                try await bench.write { unit in
                    _ = try await bench.samples.row(of: E.self, in: unit)
                    _ = try await unit.update(changed, to: try await bench.samples.value(of: E.self, in: unit))
                    try await unit.delete(kept)
                    throw Refused()
                }
            }
            #expect(try await bench.find(kept.id).text == text(kept))
            #expect(try await bench.find(changed.id).text == text(changed))
            #expect(try await bench.count([], of: E.schema) == count)
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `see what they wrote, and others do not until the commit`(
        store: StoreUnderTest, entity: EntityUnderTest
    ) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let (former, deleted) = try await bench.write { unit in
                (try await bench.samples.row(of: E.self, in: unit), try await bench.samples.row(of: E.self, in: unit))
            }
            let before = try await bench.list(Query(of: E.schema))
            let (inserted, updated) = try await bench.write { unit in
                let inserted = try await bench.samples.row(of: E.self, in: unit)
                let row = try #require(try await unit.find(former.id))
                let updated = try await unit.update(row, to: try await bench.samples.value(of: E.self, in: unit))
                try await unit.delete(deleted)
                let found = try await unit.find([inserted.id, updated.id, deleted.id] as Set<ID<E>>)
                #expect(Set(found.map { text($0) }) == [text(inserted), text(updated)])

                #expect(try await bench.find(inserted.id).text == nil)
                #expect(try await bench.find(former.id).text == text(former))
                #expect(try await bench.find(deleted.id).text == text(deleted))
                #expect(try await bench.list(Query(of: E.schema)) == before)
                return (inserted, updated)
            }
            #expect(try await bench.find(inserted.id).text == text(inserted))
            #expect(try await bench.find(former.id).text == text(updated))
            #expect(try await bench.find(deleted.id).text == nil)
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all)
    func `in which a statement failed are not committed, even if their body goes on`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let depot = try await bench.write { try await bench.samples.row(of: Depot.self, in: $0) }
            await #expect(throws: (any Error).self) {
                try await bench.write { unit in
                    _ = try await bench.samples.row(of: Depot.self, in: unit)
                    _ = try? await unit.insert(depot.value)
                }
            }
            try await bench.expect(1, of: Depot.self)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `announce all that they touched right before the commit`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            var announced: [Set<Tag>] = []
            let row = try await bench.write { unit in
                unit.beforeCommit { tags in
                    announced.append(tags)
                    try await bench.expect(0, of: Crate.self)
                }
                return try await bench.samples.row(of: Crate.self, in: unit)
            }
            let depot = row.depotID
            #expect(
                announced == [
                    [
                        Crate.tag(of: row.id), Crate.schema.setTag, Tag("crates/depot_id=\(depot)"),
                        Depot.tag(of: depot), Depot.schema.setTag,
                    ]
                ])
            try await bench.expect(1, of: Crate.self)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `that cannot be announced are rolled back`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            await #expect(throws: Refused.self) {
                try await bench.write { unit in
                    unit.beforeCommit { _ in throw Refused() }
                    _ = try await bench.samples.row(of: Depot.self, in: unit)
                }
            }
            try await bench.expect(0, of: Depot.self)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `that come too late do nothing`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            await #expect(throws: DomainError.deadlineExceeded) {
                try await bench.store.write(deadline: bench.loop.now - 1) { unit in
                    _ = try await bench.samples.row(of: Depot.self, in: unit)
                }
            }
            try await bench.expect(0, of: Depot.self)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `that change one row at the same time lose no change`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let crate = try await bench.write { unit in
                var crate = try await bench.samples.value(of: Crate.self, in: unit)
                crate.stock = 0
                return try await unit.insert(crate)
            }
            let failures = await bench.concurrently(
                (0..<8).map { _ in
                    {
                        try await bench.write { unit in
                            let row = try #require(try await unit.find(crate.id))
                            await bench.loop.sleep(milliseconds: 1)
                            var value = row.value
                            value.stock += 1
                            _ = try await unit.update(row, to: value)
                        }
                    }
                })
            #expect(failures.isEmpty)
            let last = try #require(try await bench.write { try await $0.find(crate.id) })
            #expect(last.stock == 8)
            #expect(last.version == 9)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `that take the same rows in different order do not wait for each other forever`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let ids = try await bench.write { unit in
                var ids: [ID<Depot>] = []
                for _ in 0..<6 { ids.append(try await bench.samples.row(of: Depot.self, in: unit).id) }
                return ids
            }
            let failures = await bench.concurrently(
                (0..<8).map { number in
                    {
                        try await bench.write { unit in
                            for row in try await unit.find(Set(ids.shuffled().prefix(4))) {
                                await bench.loop.sleep(milliseconds: 1)
                                var value = row.value
                                value.name = "\(row.id) \(number)"
                                _ = try await unit.update(row, to: value)
                            }
                        }
                    }
                })
            #expect(failures.isEmpty)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `are answered with what their body returns`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let (number, touched) = try await bench.write { (7, $0.touched) }
            #expect(number == 7)
            #expect(touched.isEmpty)
            try await bench.store.check(deadline: bench.deadline)
        }
    }
}
