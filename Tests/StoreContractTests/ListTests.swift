import LarderTesting
import Model
import TestDomain
import Testing

/// Which rows a list has and in which order, for every column of every resource.
@Suite struct `Lists` {
    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `have the rows that fulfil their filter, and counts agree`(
        store: StoreUnderTest, entity: EntityUnderTest
    ) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let expected = try await ExpectedRows<E>(bench, rows: 20)
            for column in E.schema.columns.indices {
                for filter in Self.filters(of: column, expected) {
                    try await expected.expectPage(Query(of: E.schema, filters: [filter], limit: 8), bench)
                    let count = text(Count(Int64(expected.rows.count { filter.matches($0.row) })))
                    #expect(
                        try await bench.count([filter], of: E.schema).text == count, "\(E.schema.columns[column].name) \(filter)")
                }
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `have the rows that fulfil all of several filters`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let expected = try await ExpectedRows<E>(bench, rows: 20)
            var random = SeededNumbers(seed: 5)
            let filters = E.schema.columns.indices.flatMap { Self.filters(of: $0, expected) }
            for _ in 0..<60 {
                let some = (0..<Int.random(in: 2...3, using: &random)).map { _ in filters.randomElement(using: &random)! }
                var query = Query(of: E.schema, filters: some, sort: [expected.randomKey(using: &random)], limit: 5)
                query.countsExactly = true
                try await expected.expectAllPages(of: query, bench)
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `are sorted by any column in both directions, nulls last, texts by their bytes`(
        store: StoreUnderTest, entity: EntityUnderTest
    ) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let expected = try await ExpectedRows<E>(bench, rows: 20)
            for column in E.schema.columns.indices {
                for isDescending in [false, true] {
                    let key = Query.SortKey(column: column, isDescending: isDescending)
                    try await expected.expectAllPages(of: Query(of: E.schema, sort: [key], limit: 3), bench)
                }
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `are sorted by several columns`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let expected = try await ExpectedRows<E>(bench, rows: 20)
            var random = SeededNumbers(seed: 9)
            for _ in 0..<30 {
                let keys = (0..<3).map { _ in expected.randomKey(using: &random) }
                var seen: Set<Int> = []
                let query = Query(of: E.schema, sort: keys.filter { seen.insert($0.column).inserted }, limit: 4)
                try await expected.expectAllPages(of: query, bench)
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all)
    func `of nothing are empty`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            var query = Query(of: Carrier.schema)
            query.countsExactly = true
            let reading = try await bench.list(query)
            #expect(reading.text == #"{"items":[],"next":null,"count":0}"#)
            try await bench.expect(0, of: Carrier.self)
        }
    }

    /// Every comparison with values that are there, and with some that are not.
    private static func filters<E: Entity>(of position: Int, _ expected: ExpectedRows<E>) -> [Query.Filter] {
        let column = E.schema.columns[position]
        let present = Set(expected.rows.map { $0.row.values[position] }).subtracting([.null])
            .sorted(by: Value.isOrderedBefore)
        var operands = present.isEmpty ? [] : [present[0], present[present.count / 2], present[present.count - 1]]
        if E.schema.fields.contains(position), column.rules.references == nil {
            operands.append(Samples.value(of: column, 3))
        }
        if column.kind == .integer { operands += [.integer(.min), .integer(0), .integer(.max)] }
        var filters: [Query.Filter] = []
        for comparison in Query.Comparison.allCases {
            switch comparison {
            case .isNull, .isNotNull: filters.append(Query.Filter(position, comparison, []))
            case .isIn:
                filters.append(Query.Filter(position, comparison, []))
                filters.append(Query.Filter(position, comparison, operands))
                filters.append(Query.Filter(position, comparison, Array(operands.prefix(1))))
            case .contains:
                guard column.kind == .text else { continue }
                for part in ["", "x", "%", "_", "\\", "'", "e", "E", "e\u{301}", "{}", "\t", "日"] {
                    filters.append(Query.Filter(position, comparison, [.text(part)]))
                }
                filters += operands.map { Query.Filter(position, comparison, [$0]) }
            default: filters += operands.map { Query.Filter(position, comparison, [$0]) }
            }
        }
        return filters
    }
}
