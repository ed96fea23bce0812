import Model
import Testing

/// Under which key the result of a query is cached.
@Suite struct `The key of a query` {
    private func text(_ comparison: Query.Comparison, _ values: String...) -> Query.Filter {
        Query.Filter(Gadget.column("name"), comparison, values.map(Value.text))
    }

    @Test func `is the same for the same filters in any order`() {
        let filters = [text(.notEqual, "b"), text(.equal, "a"), Query.Filter("pieces", .less, .integer(3))]
        let keys = [[0, 1, 2], [2, 1, 0], [1, 0, 2]].map { order in Gadget.query(order.map { filters[$0] }).cacheKey }
        #expect(Set(keys).count == 1)
        #expect(Set([[0, 1], [1, 0]].map { order in Gadget.schema.countKey(order.map { filters[$0] }) }).count == 1)
    }

    @Test func `is another one for anything that changes the result`() {
        var queries = [
            Gadget.query(), Gadget.query(limit: 10), Gadget.query([], "name"), Gadget.query([], "-name"),
            Gadget.query([], "name", "note"),
            Gadget.query([text(.equal, "a")]), Gadget.query([text(.notEqual, "a")]), Gadget.query([text(.equal, "A")]),
            Gadget.query([text(.equal, "")]), Gadget.query([.init("note", .equal, .text("a"))]),
            Gadget.query([.init("note", .isNull)]),
            Gadget.query([.init("note", .isNotNull)]), Gadget.query([text(.equal, "a"), text(.notEqual, "b")]),
        ]
        for change in [
            { $0.countsExactly = true }, { $0.cursor = $0.cursor(after: Gadget.row(1)) },
            { $0.cursor = $0.cursor(after: Gadget.row(2)) },
        ] as [(inout Query) -> Void] {
            var query = Gadget.query()
            change(&query)
            queries.append(query)
        }
        #expect(Set(queries.map(\.cacheKey)).count == queries.count)
    }

    /// A client chooses the texts of filters: no text may give the key of another query.
    @Test func `cannot be forged by a text`() {
        let lists: [[Query.Filter]] = [
            [text(.equal, "a"), text(.notEqual, "b")], [text(.equal, "a&name[ne]=b")], [text(.equal, "a&name[ne]=1:b")],
            [text(.equal, "1:a&name[ne]=1:b")],
            [text(.isIn, "a", "b")], [text(.isIn, "a\u{1F}b")], [text(.isIn, "a1:b")], [text(.isIn, "a,b")], [text(.isIn, "ab")],
            [text(.isIn)], [text(.isIn, "")], [text(.isIn, "", "")], [text(.isIn, "n")], [text(.equal, "a&sort=id&limit=50")],
            [text(.equal, "a")], [text(.equal, "a&count")],
        ]
        #expect(Set(lists.map { Gadget.query($0).cacheKey }).count == lists.count)
        #expect(Set(lists.map { Gadget.schema.countKey($0) }).count == lists.count)
    }

    @Test func `tells texts apart that are one string to Swift`() {
        for (a, b) in [("\u{E9}", "e\u{301}"), ("\u{2126}", "\u{3A9}"), ("a\u{323}\u{307}", "a\u{307}\u{323}")] {
            #expect(a == b)
            #expect(Gadget.query([text(.equal, a)]).cacheKey != Gadget.query([text(.equal, b)]).cacheKey)
            #expect(Gadget.schema.countKey([text(.equal, a)]) != Gadget.schema.countKey([text(.equal, b)]))
        }
    }

    @Test func `is short, plain and its resource's own`() {
        let long = Gadget.query([text(.equal, String(repeating: "long", count: 1000))])
        #expect(long.cacheKey.utf8.count <= 200)
        #expect(long.cacheKey.hasPrefix("gadgets?"))
        #expect(long.cacheKey != Gadget.query([text(.equal, String(repeating: "long", count: 1001))]).cacheKey)
        #expect(Gadget.query([text(.equal, "日本")]).cacheKey.utf8.allSatisfy { $0 < 0x80 })
        #expect(Query(of: Shelf.schema).cacheKey != Query(of: Jar.schema).cacheKey)
        #expect(Gadget.query().cacheKey != Gadget.schema.countKey([]))
        #expect(Shelf.schema.countKey([]) != Jar.schema.countKey([]))
    }
}
