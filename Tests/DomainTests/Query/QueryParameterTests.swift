import Domain
import Testing

/// How the parameters of a URL become a query.
@Suite struct `Parameters of a query` {
    private typealias Q = Query<Gadget>

    private func query(_ parameters: (String, String)...) throws(InvalidParameters) -> Q {
        try Q(parameters: parameters.map { (name: $0, value: $1) })
    }

    @Test func `may be none at all`() throws {
        let query = try query()
        #expect(query == Q())
        #expect(query.limit == 50)
        #expect(query.sort == [.init("id")])
        #expect(query.filters.isEmpty)
        #expect(query.cursor == nil)
        #expect(!query.countsExactly)
    }

    @Test func `set the limit and ask for the count`() throws {
        #expect(try query(("limit", "1")).limit == 1)
        #expect(try query(("limit", "200")).limit == 200)
        #expect(try query(("count", "exact")).countsExactly)
    }

    @Test func `sort by several fields, and by the id in the end`() throws {
        #expect(try query(("sort", "name")).sort == [.init("name"), .init("id")])
        #expect(try query(("sort", "-created_at,name")).sort == [.init("-created_at"), .init("name"), .init("id")])
        #expect(try query(("sort", "name,-price")).sort == [.init("name"), .init("-price"), .init("-id")])
        #expect(try query(("sort", "-id")).sort == [.init("-id")])
        #expect(try query(("sort", "id,name")).sort == [.init("id"), .init("name")])
    }

    @Test(arguments: [
        ("name", "lamp", Query<Gadget>.Filter("name", .equal, .text("lamp"))),
        ("name", "", .init("name", .equal, .text(""))),
        ("name", "a,b", .init("name", .equal, .text("a,b"))),
        ("name[ne]", "lamp", .init("name", .notEqual, .text("lamp"))),
        ("count[lt]", "5", .init("count", .less, .integer(5))),
        ("count[lte]", "5", .init("count", .lessOrEqual, .integer(5))),
        ("count[gt]", "-5", .init("count", .greater, .integer(-5))),
        ("count[gte]", "5", .init("count", .greaterOrEqual, .integer(5))),
        ("count[in]", "1,2,1", .init("count", .isIn, .integer(1), .integer(2), .integer(1))),
        ("name[in]", "a,,b", .init("name", .isIn, .text("a"), .text(""), .text("b"))),
        ("name[contains]", "%_\\", .init("name", .contains, .text("%_\\"))),
        ("note[null]", "true", .init("note", .isNull)),
        ("note[null]", "false", .init("note", .isNotNull)),
        ("special", "true", .init("special", .equal, .bool(true))),
        ("price[gt]", "1.50", .init("price", .greater, .money(Money(cents: 150)))),
        ("made[lt]", "1970-01-02", .init("made", .less, .day(Day(number: 1)))),
        (
            "created_at[gte]", "1970-01-01T01:00:00+01:00",
            .init("created_at", .greaterOrEqual, .timestamp(Timestamp(microseconds: 0)))
        ),
        ("version", "3", .init("version", .equal, .integer(3))),
        ("part_id", "00000000-0000-0000-0000-000000000000", .init("part_id", .equal, .uuid(.zero))),
        ("id[in]", "00000000-0000-0000-0000-000000000000", .init("id", .isIn, .uuid(.zero))),
    ])
    func `are filters if they name a field`(name: String, value: String, filter: Query<Gadget>.Filter) throws {
        #expect(try query((name, value)).filters == [filter])
        #expect(try Q.filters(parameters: [(name, value)]) == [filter])
    }

    @Test func `are all of them filters of one field, if each compares in another way`() throws {
        let query = try query(("count[gte]", "2"), ("count[lt]", "5"), ("name", "x"))
        #expect(query.filters.map(\.comparison) == [.greaterOrEqual, .less, .equal])
    }

    private static let fields =
        "id, name, note, email, state, count, price, made, sold, special, category_id, part_id, total, created_at, updated_at, version"

    @Test(arguments: [
        ("limit", "0", "expects a whole number from 1 to 200"),
        ("limit", "201", "expects a whole number from 1 to 200"),
        ("limit", "-1", "expects a whole number from 1 to 200"),
        ("limit", "ten", "expects a whole number from 1 to 200"),
        ("limit", "", "expects a whole number from 1 to 200"),
        ("limit", "99999999999999999999", "expects a whole number from 1 to 200"),
        ("count", "true", "expects exact"),
        ("cursor", "!", #"expects the "next" of a page with the same filters and the same sort"#),
        ("cursor", "", #"expects the "next" of a page with the same filters and the same sort"#),
        ("sort", "colour", "gadgets have no field colour; they have \(fields)"),
        ("sort", "name,-colour", "gadgets have no field colour; they have \(fields)"),
        ("sort", "name,-name", "names name twice"),
        ("sort", "", "names no field; gadgets have \(fields)"),
        ("sort", "name,", "names no field; gadgets have \(fields)"),
        ("", "x", "names no field; gadgets have \(fields)"),
        ("colour", "red", "gadgets have no field colour; they have \(fields)"),
        ("colour[gt]", "red", "gadgets have no field colour; they have \(fields)"),
        ("name[like]", "x", "knows the comparisons gt, gte, lt, lte, ne, in, contains and null"),
        ("name[]", "x", "knows the comparisons gt, gte, lt, lte, ne, in, contains and null"),
        ("name[eq]", "x", "knows the comparisons gt, gte, lt, lte, ne, in, contains and null"),
        ("note[notnull]", "true", "knows the comparisons gt, gte, lt, lte, ne, in, contains and null"),
        ("name[gt", "x", "gadgets have no field name[gt; they have \(fields)"),
        ("count", "five", "expects exact"),
        ("version", "1.5", "expects a whole number between -9223372036854775808 and 9223372036854775807"),
        ("version[in]", "1,,2", "expects a whole number between -9223372036854775808 and 9223372036854775807"),
        ("price[gt]", "1.234", #"expects a decimal string with at most two decimals, such as "34.47""#),
        ("made", "2026-02-30", "expects a date as YYYY-MM-DD"),
        ("created_at[lt]", "yesterday", "expects a time as RFC 3339 has it, such as 2026-11-21T09:21:14Z"),
        ("special", "yes", "expects true or false"),
        ("part_id", "7", "expects a UUID such as 0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f"),
        ("name", "a\u{0}b", "expects text without NUL characters"),
        ("name[null]", "true", "name is never null"),
        ("note[null]", "maybe", "expects true or false"),
        ("version[contains]", "1", "version is not a text"),
        ("name[in]", String(repeating: ",", count: 100), "lists at most 100 values"),
    ])
    func `say what they expect instead`(name: String, value: String, sentence: String) {
        #expect(throws: InvalidParameters([InvalidParameter(name, sentence)])) { try query((name, value)) }
    }

    @Test func `may list 100 values`() throws {
        #expect(try query(("name[in]", String(repeating: ",", count: 99))).filters[0].values.count == 100)
    }

    @Test func `are refused all at once`() {
        let expected = InvalidParameters([
            InvalidParameter("limit", "expects a whole number from 1 to 200"),
            InvalidParameter("colour", "gadgets have no field colour; they have \(Self.fields)"),
            InvalidParameter("special", "expects true or false"), InvalidParameter("special", "is given twice"),
        ])
        #expect(throws: expected) {
            // Whether a cursor fits is not known before the filters are.
            try query(
                ("limit", "0"), ("colour", "red"), ("name", "fine"), ("special", "yes"), ("special", "true"), ("cursor", "x"))
        }
    }

    @Test func `of a count are filters alone`() {
        for name in ["limit", "sort", "cursor"] {
            #expect(
                throws: InvalidParameters([
                    InvalidParameter(name, "gadgets have no field \(name); they have \(Self.fields)")
                ])
            ) { try Q.filters(parameters: [(name, "1")]) }
        }
        // A field may be called as a parameter of lists is.
        #expect(throws: Never.self) { try Q.filters(parameters: [("count", "1")]) }
    }
}
