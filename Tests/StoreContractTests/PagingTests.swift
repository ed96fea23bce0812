import LarderTesting
import Model
import TestDomain
import Testing

/// Pages of a list that changes while it is read.
@Suite struct `Pages` {
    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `show each row that stays exactly once, whatever comes and goes`(
        store: StoreUnderTest, entity: EntityUnderTest
    ) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            for (position, column) in E.schema.columns.enumerated() where column.name != "updated_at" {
                try await walk(E.self, by: Query.SortKey(column: position, isDescending: position % 2 == 0), bench)
            }
        }
        @Sendable func walk<E: Entity>(_ entity: E.Type, by key: Query.SortKey, _ bench: Bench) async throws {
            var removable = try await bench.write { unit in
                var rows: [Stored<E>] = []
                for _ in 0..<8 { rows.append(try await bench.samples.row(of: E.self, in: unit)) }
                return rows
            }
            let before = try await ExpectedRows<E>(bench, rows: 10).rows.map(\.id.value)
            var query = Query(of: E.schema, sort: [key], limit: 5)
            var seen: [Value] = []
            var inserted = 0
            while true {
                let reading = try await bench.list(query)
                let shown = try Self.ids(of: E.self, in: try #require(reading.text))
                seen += shown
                // What was shown, and what was not yet: both may go.
                let gone = removable.popLast()
                try await bench.write { unit in
                    if let gone { try await unit.delete(gone) }
                    // Not forever, because new rows may come at the end.
                    if inserted < 10 { _ = try await bench.samples.row(of: E.self, in: unit) }
                }
                inserted += 1
                guard let next = try Self.next(in: try #require(reading.text)) else { break }
                try query.turn(to: next)
            }
            #expect(Set(seen).count == seen.count)
            #expect(Set(before).subtracting(seen).isEmpty)
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `can be walked through by their ids alone`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let expected = try await ExpectedRows<E>(bench, rows: 7)
            let all = expected.rows.map(\.id.value).sorted(by: Value.isOrderedBefore)
            for (isDescending, limit) in [(true, 3), (false, 7), (true, all.count), (false, all.count + 1)] {
                var query = Query(of: E.schema, sort: [.init(column: 0, isDescending: isDescending)], limit: limit)
                var seen: [Value] = []
                while true {
                    let ids = try await bench.store.repository(of: E.schema).ids(query, deadline: bench.deadline)
                    seen += ids
                    guard ids.count == limit, let last = ids.last else { break }
                    query.cursor = .init(values: [last])
                }
                #expect(seen == (isDescending ? all.reversed() : all))
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    /// The ids of the items of a page. They are the first member of each.
    private static func ids<E: Entity>(of entity: E.Type, in page: String) throws -> [Value] {
        try page.split(separator: #"{"id":"#, omittingEmptySubsequences: false).dropFirst().map { item in
            let text = item.prefix { $0 != "," }.filter { $0 != "\"" }
            return try #require(E.Key.kind.value(from: text))
        }
    }

    /// The cursor of the next page, the last member of a page.
    private static func next(in page: String) throws -> String? {
        let value = try #require(page.split(separator: #""next":"#).last)
        return value == "null}" ? nil : String(value.dropFirst().dropLast(2))
    }
}
