import Model
import Testing

/// How the parameters of a URL become a query.
@Suite struct `Parameters of a query` {
    private func query(_ parameters: (String, String)...) throws(InvalidParameters) -> Query {
        try Query(of: Gadget.schema, parameters: parameters.map { QueryParameter($0, $1) })
    }

    @Test func `may be none at all`() throws {
        let query = try query()
        #expect(query == Query(of: Gadget.schema))
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
        ("name", "lamp", Query.Filter("name", .equal, .text("lamp"))),
        ("name", "", .init("name", .equal, .text(""))),
        ("name", "a,b", .init("name", .equal, .text("a,b"))),
        ("name[ne]", "lamp", .init("name", .notEqual, .text("lamp"))),
        ("pieces[lt]", "5", .init("pieces", .less, .integer(5))),
        ("pieces[lte]", "5", .init("pieces", .lessOrEqual, .integer(5))),
        ("pieces[gt]", "-5", .init("pieces", .greater, .integer(-5))),
        ("pieces[gte]", "5", .init("pieces", .greaterOrEqual, .integer(5))),
        ("pieces[in]", "1,2,1", .init("pieces", .isIn, .integer(1), .integer(2), .integer(1))),
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
    func `are filters if they name a field`(name: String, value: String, filter: Query.Filter) throws {
        #expect(try query((name, value)).filters == [filter])
        #expect(try Query.filters(of: Gadget.schema, parameters: [QueryParameter(name, value)]) == [filter])
    }

    @Test func `are all of them filters of one field, if each compares in another way`() throws {
        let query = try query(("pieces[gte]", "2"), ("pieces[lt]", "5"), ("name", "x"))
        #expect(query.filters.map(\.comparison) == [.greaterOrEqual, .less, .equal])
    }

    private static let fields =
        "id, name, note, email, state, pieces, price, made, sold, special, shelf_id, part_id, total, repairs, created_at, updated_at, version"

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
        ("pieces[ge]", "1", "perhaps [gte] is meant"),
        ("name[contain]", "1", "perhaps [contains] is meant"),
        ("pric[lt]", "1", "gadgets have no field pric; perhaps price is meant"),
        ("nmae", "x", "gadgets have no field nmae; perhaps name is meant"),
        ("shelfId", "1", "gadgets have no field shelfId; perhaps shelf_id is meant"),
        ("price_gte", "1", "is unknown here; perhaps price[gte] is meant"),
        ("price__lt", "1", "is unknown here; perhaps price[lt] is meant"),
        ("price.eq", "1", "is unknown here; perhaps price is meant"),
        ("shelf", "1", "gadgets have no field shelf; perhaps shelf_id is meant"),
        ("limt", "1", "gadgets have no field limt; perhaps limit is meant"),
        ("Sort", "name", "gadgets have no field Sort; perhaps sort is meant"),
        ("offset", "10", #"is unknown here; lists are paged by cursor, which is the "next" of the page before"#),
        ("page", "2", #"is unknown here; lists are paged by cursor, which is the "next" of the page before"#),
        ("per_page", "10", "is unknown here; perhaps limit is meant"),
        ("pageSize", "10", "is unknown here; perhaps limit is meant"),
        ("order_by", "name", "is unknown here; perhaps sort is meant"),
        ("expand", "shelf", "is unknown here; perhaps include is meant"),
        ("sort", "price:desc", "has no key price:desc; write -price"),
        ("sort", "name,price desc", "has no key price desc; write -price"),
        ("sort", "price.ASC", "has no key price.ASC; write price"),
        ("sort", " price", "has no key  price; write price"),
        ("sort", "pirce", "gadgets have no field pirce; perhaps price is meant"),
        ("sort", "-pirce", "gadgets have no field pirce; perhaps price is meant"),
        ("fields", "name,pirce", "has no pirce; perhaps price is meant"),
        ("fields", "colour", "expects some of \(fields), divided by commas"),
        ("include", "shlf", "has no shlf; perhaps shelf is meant"),
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

    /// As `URLSearchParams` and many clients do with all commas.
    @Test func `may have the commas of a list encoded, where no name or value holds one`() throws {
        func parameter(_ name: String, _ value: String) -> QueryParameter { QueryParameter(name, value, list: [value]) }
        #expect(
            try Query(of: Gadget.schema, parameters: [parameter("sort", "name,-price")]).sort == [
                .init("name"), .init("-price"), .init("-id"),
            ])
        #expect(try Query(of: Gadget.schema, parameters: [parameter("fields", "name,price")]).projection.columns.count == 2)
        #expect(
            try Query(of: Gadget.schema, parameters: [parameter("pieces[in]", "1,2")]).filters[0].values == [
                .integer(1), .integer(2),
            ])
        #expect(
            try Query(of: Gadget.schema, parameters: [parameter("state[in]", "new,worn")]).filters[0].values == [
                .text("new"), .text("worn"),
            ])
    }

    @Test func `may list texts that hold commas, encoded`() throws {
        let texts = ["Doe, Jane", "b", ","]
        let filter = try Query.filters(of: Gadget.schema, parameters: [QueryParameter("name[in]", "Doe, Jane,b,,", list: texts)])[
            0]
        #expect(filter.values == texts.map(Value.text))
        // One text holds them as they are.
        let one = try Query.filters(of: Gadget.schema, parameters: [QueryParameter("name", "Doe, Jane", list: ["Doe, Jane"])])[0]
        #expect(one.values == [.text("Doe, Jane")])
    }

    @Test func `say how a plus is written where a time lacks it`() {
        let sentence = "expects a time as RFC 3339 has it, such as 2026-11-21T09:21:14Z, with + written as %2B"
        #expect(throws: InvalidParameters([InvalidParameter("sold[gt]", sentence)])) {
            try query(("sold[gt]", "2026-11-21T09:21:14 01:00"))
        }
    }

    @Test func `that are long are named by their beginning`() {
        let long = String(repeating: "x", count: 8_000)
        for (name, value) in [(long, "1"), ("sort", long), ("name[\(long)]", "1"), ("fields", long), ("include", long)] {
            let error = #expect(throws: InvalidParameters.self) { try query((name, value)) }
            for problem in error?.problems ?? [] { #expect("\(problem)".utf8.count < 600) }
        }
    }

    /// Each combining mark makes work for whoever compares texts by characters.
    @Test func `are read in a time that grows with their length alone`() {
        let marks = String(repeating: "\u{301}\u{316}", count: 100_000)
        let duration = ContinuousClock().measure {
            for name in [
                "name", "sort", "fields", "include", "name[in]", "name[\(marks)]", "limit", "cursor", "count", "state", "special",
                marks, "a" + marks,
            ] {
                for value in ["a\(marks),\(marks)", marks] { _ = try? query((name, value), ("x", marks)) }
            }
        }
        #expect(duration < .seconds(20))
    }

    @Test func `of a resource that shows nothing within its rows say so`() {
        let sentence = "is unknown here: shelves have nothing that can be shown within them"
        #expect(throws: InvalidParameters([InvalidParameter("include", sentence)])) {
            try Query(of: Shelf.schema, parameters: [QueryParameter("include", "jars")])
        }
        #expect(throws: InvalidParameters([InvalidParameter("include", sentence)])) {
            try Projection(of: Shelf.schema, parameters: [QueryParameter("include", "")])
        }
    }

    @Test func `of one row are those of its projection`() {
        let problems = InvalidParameters([
            InvalidParameter("feilds", "is unknown here; perhaps fields is meant"), InvalidParameter("limit", "is unknown here"),
        ])
        #expect(throws: problems) {
            try Projection(of: Gadget.schema, parameters: [QueryParameter("feilds", "id"), QueryParameter("limit", "1")])
        }
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
        for name in ["limit", "sort", "cursor", "count"] {
            #expect(
                throws: InvalidParameters([
                    InvalidParameter(name, "gadgets have no field \(name); they have \(Self.fields)")
                ])
            ) { try Query.filters(of: Gadget.schema, parameters: [QueryParameter(name, "1")]) }
        }
    }
}
