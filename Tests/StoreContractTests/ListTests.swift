import Domain
import Testing

/// Which rows a list has and in which order, for every column of every resource.
@Suite struct `Lists` {
    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `have the rows that fulfil their filter, and counts agree`(
        store: StoreUnderTest, entity: EntityUnderTest
    ) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let model = try await Model<E>(bench, rows: 20)
            for column in E.schema.columns.indices {
                for filter in Self.filters(of: column, model) {
                    try await model.expectPage(Query(filters: [filter], limit: 8), bench)
                    let count = text(Count(Int64(model.rows.count(where: filter.matches))))
                    #expect(try await bench.count([filter]).text == count, "\(E.schema.columns[column].name) \(filter)")
                }
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `have the rows that fulfil all of several filters`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let model = try await Model<E>(bench, rows: 20)
            var random = SeededGenerator(seed: 5)
            let filters = E.schema.columns.indices.flatMap { Self.filters(of: $0, model) }
            for _ in 0..<60 {
                let some = (0..<Int.random(in: 2...3, using: &random)).map { _ in filters.randomElement(using: &random)! }
                var query = Query(filters: some, sort: [model.randomKey(using: &random)], limit: 5)
                query.countsExactly = true
                try await model.expectAllPages(of: query, bench)
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `are sorted by any column in both directions, nulls last, texts by their bytes`(
        store: StoreUnderTest, entity: EntityUnderTest
    ) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let model = try await Model<E>(bench, rows: 20)
            for column in E.schema.columns.indices {
                for isDescending in [false, true] {
                    let key = Query<E>.SortKey(column: column, isDescending: isDescending)
                    try await model.expectAllPages(of: Query(sort: [key], limit: 3), bench)
                }
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all, EntityUnderTest.all)
    func `are sorted by several columns`(store: StoreUnderTest, entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
            let model = try await Model<E>(bench, rows: 20)
            var random = SeededGenerator(seed: 9)
            for _ in 0..<30 {
                let keys = (0..<3).map { _ in model.randomKey(using: &random) }
                var seen: Set<Int> = []
                let query = Query<E>(sort: keys.filter { seen.insert($0.column).inserted }, limit: 4)
                try await model.expectAllPages(of: query, bench)
            }
        }
        try await store.run { try await check(entity.type, $0) }
    }

    @Test(arguments: StoreUnderTest.all)
    func `of nothing are empty`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            var query = Query<Customer>()
            query.countsExactly = true
            let reading = try await bench.list(query)
            #expect(reading.text == #"{"items":[],"next":null,"count":0}"#)
            try await bench.expect(0, of: Customer.self)
        }
    }

    /// Every comparison with values that are there, and with some that are not.
    private static func filters<E: Entity>(of position: Int, _ model: Model<E>) -> [Query<E>.Filter] {
        let column = E.schema.columns[position]
        let present = Set(model.rows.map { column.value(of: $0) }).subtracting([.null])
            .sorted(by: Value.isOrderedBefore)
        var operands = present.isEmpty ? [] : [present[0], present[present.count / 2], present[present.count - 1]]
        if let field = column.field, field.rules.references == nil { operands.append(Samples.value(of: field, 3)) }
        if column.kind == .integer { operands += [.integer(.min), .integer(0), .integer(.max)] }
        var filters: [Query<E>.Filter] = []
        for comparison in Query<E>.Comparison.allCases {
            switch comparison {
            case .isNull, .isNotNull: filters.append(Query<E>.Filter(position, comparison, []))
            case .isIn:
                filters.append(Query<E>.Filter(position, comparison, []))
                filters.append(Query<E>.Filter(position, comparison, operands))
                filters.append(Query<E>.Filter(position, comparison, Array(operands.prefix(1))))
            case .contains:
                guard column.kind == .text else { continue }
                for part in ["", "x", "%", "_", "\\", "'", "e", "E", "e\u{301}", "{}", "\t", "日"] {
                    filters.append(Query<E>.Filter(position, comparison, [.text(part)]))
                }
                filters += operands.map { Query<E>.Filter(position, comparison, [$0]) }
            default: filters += operands.map { Query<E>.Filter(position, comparison, [$0]) }
            }
        }
        return filters
    }
}
