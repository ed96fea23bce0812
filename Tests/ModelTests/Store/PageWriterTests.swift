import Model
import Testing

@Suite struct `A page` {
    /// Of so many jars, each with a label of so many bytes.
    private func page(
        of query: Query = Query(of: Jar.schema, limit: 3), labels: [Int], count: Int64? = nil, parts: ShownParts? = nil
    ) -> Encoded {
        let rows = labels.enumerated().map { number, length in
            Jar.stored(Int64(number + 1)) { $0.label = String(repeating: "x", count: length) }.row
        }
        return PageWriter.page(of: query, rows: rows.count, parts: parts, count: count) { row, json in
            json.members(of: rows[row], query.schema, query.projection)
        } cursor: { row in
            query.cursor(after: rows[row])
        }
    }

    private let query = Query(of: Jar.schema, limit: 3)

    /// The ids on a page.
    private func ids(_ page: Encoded) -> [Int] {
        text(page).split(separator: #"{"id":"#).dropFirst().map { Int($0.prefix { $0.isNumber })! }
    }

    private func cursor(_ id: Int64) -> String { Query.Cursor(values: [.integer(id)]).text(for: query) }

    @Test func `has items, and says that there is no next one`() {
        let item = text(Encoded(Jar.stored(1).row, of: Jar.schema))
        #expect(text(page(labels: [0])) == #"{"items":[\#(item)],"next":null}"#)
        #expect(page(labels: [0]).next == nil)
        #expect(text(page(labels: [])) == #"{"items":[],"next":null}"#)
    }

    @Test func `ends at the limit, and says where the next one begins`() {
        let full = page(labels: [0, 0, 0])
        #expect(ids(full) == [1, 2, 3])
        #expect(full.next == nil)
        let first = page(labels: [0, 0, 0, 0])
        #expect(ids(first) == [1, 2, 3])
        #expect(first.next == cursor(3))
        #expect(text(first).hasSuffix(#"],"next":"\#(cursor(3))"}"#))
    }

    @Test func `says how many rows there are if it was asked`() {
        #expect(text(page(labels: [], count: 7)) == #"{"items":[],"next":null,"count":7}"#)
        #expect(text(page(labels: [0, 0, 0, 0], count: 4)).hasSuffix(#""count":4}"#))
    }

    @Test func `shows the columns of its projection`() {
        var query = query
        query.projection.columns = [0, 3]
        #expect(text(page(of: query, labels: [0, 0])) == #"{"items":[{"id":1,"grams":100},{"id":2,"grams":100}],"next":null}"#)
    }

    @Test func `ends before the row that would make it too long, and goes on there`() {
        let half = PageLimits.maximumBytes / 2
        let two = page(labels: [half - 1_000, half - 1_000, 10_000])
        #expect(ids(two) == [1, 2])
        #expect(two.next == cursor(2))
        #expect(two.bytes.count < PageLimits.maximumBytes + 200)
        // What was taken back left nothing behind.
        #expect(text(two).hasSuffix(#""version":1}],"next":"\#(cursor(2))"}"#))
        #expect(ids(page(labels: [half - 1_000, half + 1_000])) == [1])
    }

    @Test func `may hold as many bytes as it may, and not one more`() {
        let overhead = text(page(labels: [0, 0])).utf8.count - #"{"items":[],"next":null}"#.utf8.count
        let room = PageLimits.maximumBytes - overhead
        #expect(ids(page(labels: [room - 5, 5])) == [1, 2])
        #expect(ids(page(labels: [room - 5, 6])) == [1])
    }

    @Test func `has one row at least, however long that is`() {
        let long = page(labels: [2 * PageLimits.maximumBytes - 200_000, 0])
        #expect(ids(long) == [1])
        #expect(long.next == cursor(1))
        #expect(page(labels: [2_000_000]).next == nil)
    }

    @Test func `stops where what is shown within its rows stops`() async throws {
        var query = query
        query.projection.parts = [0]
        let source = FakeTransaction()
        for id in 1...3 as ClosedRange<Int64> { source.add(Stored(ID<Shelf>(id))) }
        source.rowsOfPage = 2
        let parts = try await ShownParts(of: query.projection, Jar.schema, rows: 3, from: source, ReadContext(deadline: 0)) {
            row, _ in
            .integer(Int64(row + 1))
        }
        let page = page(of: query, labels: [0, 0, 0], parts: parts)
        #expect(text(page).components(of: #""shelf":{"id":"#) == 2)
        #expect(page.next == cursor(2))
    }

    @Test func `throws what a row throws, and what a cursor throws`() {
        #expect(throws: DomainError.notFound) {
            try PageWriter.page(of: query, rows: 1) { _, _ in
                throw DomainError.notFound
            } cursor: { _ in
                Query.Cursor(values: [])
            }
        }
        #expect(throws: DomainError.contention) {
            try PageWriter.page(of: query, rows: 4) { _, _ in
            } cursor: { _ in
                throw DomainError.contention
            }
        }
        #expect(throws: Never.self) {
            try PageWriter.page(of: query, rows: 3) { _, _ in
            } cursor: { _ in
                throw DomainError.contention
            }
        }
    }
}

extension String {
    /// How often a text stands in it.
    func components(of part: String) -> Int { split(separator: part, omittingEmptySubsequences: false).count - 1 }
}
