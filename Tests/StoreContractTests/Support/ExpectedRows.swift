import LarderTesting
import Model
import Testing

/// The rows of a resource as they should be, and what a store then has to answer.
struct ExpectedRows<E: Entity> {
    private(set) var rows: [Stored<E>] = []

    /// Makes rows that are equal in many fields and have nulls in many, some of them changed, in several transactions.
    init(_ bench: Bench, rows count: Int) async throws {
        var random = SeededNumbers(seed: 1)
        let parents = try await bench.write { unit in
            var parents: [String: [Value]] = [:]
            for target in E.referenceFields.compactMap(\.rules.target) where parents[target.resource] == nil {
                for _ in 0..<3 {
                    parents[target.resource, default: []].append(try await bench.samples.parent(of: target, in: unit))
                }
            }
            return parents
        }
        while rows.count < count {
            rows += try await bench.write { unit in
                var batch: [Stored<E>] = []
                for _ in 0..<5 {
                    var value = E()
                    for field in E.givenFields {
                        let parent = field.rules.references.flatMap { parents[$0]?.randomElement(using: &random) }
                        value = value.with(parent ?? bench.samples.commonValue(of: field.column, using: &random), in: field)
                    }
                    var row = try await unit.insert(value)
                    if Bool.random(using: &random), let field = E.givenFields.first(where: { $0.rules.references == nil }) {
                        row = try await unit.update(row, to: value.with(bench.samples.newValue(of: field.column), in: field))
                    }
                    batch.append(row)
                }
                return batch
            }
        }
        // A store may hold its rows in any order, so an answer in the order of insertion must not come by chance.
        rows.shuffle(using: &random)
    }

    func randomKey(using random: inout some RandomNumberGenerator) -> Query.SortKey {
        Query.SortKey(
            column: E.schema.columns.indices.randomElement(using: &random)!, isDescending: Bool.random(using: &random))
    }

    /// Those that fulfil the filters of a query, in its order.
    func rows(of query: Query) -> [Row] {
        rows.map(\.row).filter { row in query.filters.allSatisfy { $0.matches(row) } }.sorted(by: query.isOrderedBefore)
    }

    /// What a query has to return.
    @discardableResult
    func expectPage(
        _ query: Query, _ bench: Bench, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> (ids: [Value], next: String?) {
        let selected = rows(of: query)
        let rest = selected.filter(query.isAfterCursor)
        let page = PageWriter.page(
            of: query, rows: rest.count, count: query.countsExactly ? Int64(selected.count) : nil,
            write: { $1.members(of: rest[$0], E.schema, query.projection) }, cursor: { query.cursor(after: rest[$0]) })
        let reading = try await bench.list(query)
        #expect(reading.text == String(decoding: page.bytes, as: UTF8.self), "\(query.cacheKey)", sourceLocation: sourceLocation)
        #expect(reading.tags == Set(query.tags), sourceLocation: sourceLocation)
        return (rest.prefix(query.limit).map(\.id), page.next)
    }

    /// Goes from page to page by the cursors and expects each row once.
    func expectAllPages(of query: Query, _ bench: Bench, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        var query = query
        var seen: [Value] = []
        while true {
            let page = try await expectPage(query, bench, sourceLocation: sourceLocation)
            seen += page.ids
            guard let next = page.next else { break }
            try query.turn(to: next)
        }
        #expect(seen == rows(of: query).map(\.id), sourceLocation: sourceLocation)
    }
}

extension Query {
    /// Turns to the page that a page named as the next one.
    mutating func turn(to next: String) throws {
        let cursor: Cursor = try #require(Cursor(next, for: self))
        self.cursor = cursor
    }
}
