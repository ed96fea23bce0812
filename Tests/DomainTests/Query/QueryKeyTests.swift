import Domain
import Testing

/// Under which key the result of a query is cached.
@Suite struct `The key of a query` {
    private typealias Q = Query<Gadget>

    private func text(_ comparison: Q.Comparison, _ values: String...) -> Q.Filter {
        Q.Filter(Gadget.column("name"), comparison, values.map(Value.text))
    }

    @Test func `is the same for the same filters in any order`() {
        let filters = [text(.notEqual, "b"), text(.equal, "a"), Q.Filter("count", .less, .integer(3))]
        let keys = [[0, 1, 2], [2, 1, 0], [1, 0, 2]].map { order in Q(filters: order.map { filters[$0] }).cacheKey }
        #expect(Set(keys).count == 1)
        #expect(Set([[0, 1], [1, 0]].map { order in Gadget.countKey(order.map { filters[$0] }) }).count == 1)
    }

    @Test func `is another one for anything that changes the result`() {
        var queries = [
            Q(), Q(limit: 10), Q(sort: [.init("name")]), Q(sort: [.init("-name")]), Q(sort: [.init("name"), .init("note")]),
            Q(filters: [text(.equal, "a")]), Q(filters: [text(.notEqual, "a")]), Q(filters: [text(.equal, "A")]),
            Q(filters: [text(.equal, "")]), Q(filters: [.init("note", .equal, .text("a"))]), Q(filters: [.init("note", .isNull)]),
            Q(filters: [.init("note", .isNotNull)]), Q(filters: [text(.equal, "a"), text(.notEqual, "b")]),
        ]
        for change in [
            { $0.countsExactly = true }, { $0.cursor = $0.cursor(after: Gadget.row(1)) },
            { $0.cursor = $0.cursor(after: Gadget.row(2)) },
        ] as [(inout Q) -> Void] {
            var query = Q()
            change(&query)
            queries.append(query)
        }
        #expect(Set(queries.map(\.cacheKey)).count == queries.count)
    }

    /// A client chooses the texts of filters: no text may give the key of another query.
    @Test func `cannot be forged by a text`() {
        let lists: [[Q.Filter]] = [
            [text(.equal, "a"), text(.notEqual, "b")], [text(.equal, "a&name[ne]=b")], [text(.equal, "a&name[ne]=1:b")],
            [text(.equal, "1:a&name[ne]=1:b")],
            [text(.isIn, "a", "b")], [text(.isIn, "a\u{1F}b")], [text(.isIn, "a1:b")], [text(.isIn, "a,b")], [text(.isIn, "ab")],
            [text(.isIn)], [text(.isIn, "")], [text(.isIn, "", "")], [text(.isIn, "n")], [text(.equal, "a&sort=id&limit=50")],
            [text(.equal, "a")], [text(.equal, "a&count")],
        ]
        #expect(Set(lists.map { Q(filters: $0).cacheKey }).count == lists.count)
        #expect(Set(lists.map { Gadget.countKey($0) }).count == lists.count)
    }

    @Test func `tells texts apart that are one string to Swift`() {
        for (a, b) in [("\u{E9}", "e\u{301}"), ("\u{2126}", "\u{3A9}"), ("a\u{323}\u{307}", "a\u{307}\u{323}")] {
            #expect(a == b)
            #expect(Q(filters: [text(.equal, a)]).cacheKey != Q(filters: [text(.equal, b)]).cacheKey)
            #expect(Gadget.countKey([text(.equal, a)]) != Gadget.countKey([text(.equal, b)]))
        }
    }

    @Test func `is short, plain and its resource's own`() {
        let long = Q(filters: [text(.equal, String(repeating: "long", count: 1000))])
        #expect(long.cacheKey.utf8.count <= 200)
        #expect(long.cacheKey.hasPrefix("gadgets?"))
        #expect(long.cacheKey != Q(filters: [text(.equal, String(repeating: "long", count: 1001))]).cacheKey)
        #expect(Q(filters: [text(.equal, "日本")]).cacheKey.utf8.allSatisfy { $0 < 0x80 })
        #expect(Query<Category>().cacheKey != Query<Customer>().cacheKey)
        #expect(Q().cacheKey != Gadget.countKey([]))
        #expect(Category.countKey([]) != Customer.countKey([]))
    }
}
