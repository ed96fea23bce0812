import LarderTesting
import Model
import TestDomain
import Testing

/// Pages of rows that are long: they end where their bytes do.
@Suite struct `Pages of long rows` {
    private static let body = String(repeating: "x", count: 100_000)

    private static func report(_ bench: Bench, _ body: String = body, in unit: UnitOfWork) async throws -> Stored<Report> {
        var report = try await bench.samples.value(of: Report.self, in: unit)
        report.body = body
        return try await unit.insert(report)
    }

    /// Goes from page to page and expects each row once, and no page that is too long or that could have had more.
    private static func expectWalk<E: Entity>(
        _ query: Query, over ids: [ID<E>], rowsPerPage: ClosedRange<Int>, _ bench: Bench,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        var query = query
        var seen: [ID<E>] = []
        while true {
            let text = try #require(try await bench.list(query).text)
            #expect(text.utf8.count <= PageLimits.maximumBytes + 1_000, sourceLocation: sourceLocation)
            // What is shown within an item begins like one.
            let page = try text.split(separator: #"{"id":""#).dropFirst().map { item in
                try #require(E.Key.kind.value(from: String(item.prefix(36))).flatMap { ID<E>($0) })
            }.filter(Set(ids).contains)
            seen += page
            let next = try #require(text.split(separator: #""next":"#).last)
            guard !next.hasPrefix("null") else { break }
            #expect(rowsPerPage ~= page.count, sourceLocation: sourceLocation)
            try query.turn(to: String(next.dropFirst().prefix { $0 != "\"" }))
        }
        #expect(seen == ids, sourceLocation: sourceLocation)
    }

    @Test(arguments: StoreUnderTest.all)
    func `end before a row that does not fit, and go on with it`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let ids = try await bench.write { unit in
                var ids: [ID<Report>] = []
                for _ in 0..<25 { ids.append(try await Self.report(bench, in: unit).id) }
                return ids.inOrder()
            }
            let query = Query(of: Report.schema, sort: [.init(column: 0, isDescending: false)], limit: 200)
            try await Self.expectWalk(query, over: ids, rowsPerPage: 10...10, bench)
            let backwards = Query(of: Report.schema, sort: [.init(column: 0, isDescending: true)], limit: 7)
            try await Self.expectWalk(backwards, over: ids.reversed(), rowsPerPage: 7...7, bench)
            var filtered = Query(
                of: Report.schema,
                filters: [Report.schema.filter("title", .notEqual, .text("none"))],
                sort: [.init(column: Report.schema.position(of: "version")!, isDescending: false)], limit: 200)
            filtered.countsExactly = true
            try await Self.expectWalk(filtered, over: ids, rowsPerPage: 10...10, bench)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `have one row at least, though it alone is too long`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            // A control character takes six bytes in JSON, so two of these are more than a page, and in the database far less.
            let body = String(repeating: "\u{1}", count: 100_000)
            let ids = try await bench.write { unit in
                var ids: [ID<Report>] = []
                for _ in 0..<3 { ids.append(try await Self.report(bench, body, in: unit).id) }
                return ids.inOrder()
            }
            try await Self.expectWalk(Query(of: Report.schema), over: ids, rowsPerPage: 1...1, bench)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `are no shorter for what they do not show`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let ids = try await bench.write { unit in
                var ids: [ID<Report>] = []
                for _ in 0..<12 { ids.append(try await Self.report(bench, in: unit).id) }
                return ids.inOrder()
            }
            var query = Query(of: Report.schema)
            query.projection = Projection(columns: [0])
            let items = ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
            #expect(try await bench.list(query).text == #"{"items":[\#(items)],"next":null}"#)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `count what is shown within them, be it one or many`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let (ofMany, ofOne) = try await bench.write { unit in
                var (many, one): ([ID<Remark>], [ID<Remark>]) = ([], [])
                for _ in 0..<15 {
                    var remark = try await bench.samples.value(of: Remark.self, in: unit)
                    remark.reportID = try await Self.report(bench, in: unit).id
                    remark.body = "many"
                    many.append(try await unit.insert(remark).id)
                    remark.body = "one"
                    remark.reportID = try await Self.report(bench, in: unit).id
                }
                var remark = try await bench.samples.value(of: Remark.self, in: unit)
                remark.reportID = try await Self.report(bench, in: unit).id
                remark.body = "one"
                for _ in 0..<15 { one.append(try await unit.insert(remark).id) }
                return (many.inOrder(), one.inOrder())
            }
            for (body, ids) in [("many", ofMany), ("one", ofOne)] {
                var query = Query(
                    of: Remark.schema,
                    filters: [Remark.schema.filter("body", .equal, .text(body))], limit: 200)
                query.projection.parts = Remark.schema.allParts
                try await Self.expectWalk(query, over: ids, rowsPerPage: 9...10, bench)
            }
        }
    }
}

extension Array {
    fileprivate func inOrder<E: Entity>() -> [ID<E>] where Element == ID<E> {
        sorted { Value.isOrderedBefore($0.value, $1.value) }
    }
}
