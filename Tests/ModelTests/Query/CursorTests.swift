import Model
import Testing

/// Where a page of a list ended.
@Suite struct `A cursor` {
    private func query(_ filters: [Query.Filter] = [], _ sort: String...) -> Query {
        Query(of: Gadget.schema, filters: filters, sort: sort.map { Query.SortKey($0) })
    }

    private static let rows = [
        Gadget.row(1) { gadget in
            gadget.name = "lamp"
            gadget.note = nil
            gadget.price = Money(cents: -5)
            gadget.made = Day(number: -719_162)
            gadget.isSpecial = true
        },
        Gadget.row(2) { gadget in
            gadget.name = ""
            gadget.note = ""
            gadget.sold = Timestamp(microseconds: -1)
            gadget.part = Gadget.id(3)
            gadget.pieces = .min
        },
        Gadget.row(3) { gadget in
            gadget.name = "7:n3:a\u{1F}\u{1}&\"'é"
            gadget.note = "e\u{301}日本🥖\n"
        },
        Gadget.row(4) { gadget in
            gadget.name = "n"
            gadget.note = "n"
        },
    ]

    @Test(arguments: rows.indices) func `comes back from its text`(row: Int) throws {
        let row = Self.rows[row]
        let queries = [query()] + Gadget.schema.columns.flatMap { [query([], $0.name), query([], "-" + $0.name)] }
        for query in queries + [query([], "note", "-name", "sold", "part_id"), query([.init("note", .isNull)], "name")] {
            let cursor = query.cursor(after: row)
            let text = cursor.text(for: query)
            #expect(Query.Cursor(text, for: query) == cursor)
            #expect(text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
            let parsed = try Query(
                of: Gadget.schema,
                parameters: [
                    QueryParameter("cursor", text),
                    QueryParameter("sort", query.sort.map(Self.parameter).joined(separator: ",")),
                ] + (query.filters.isEmpty ? [] : [QueryParameter("note[null]", "true")]))
            #expect(parsed.cursor == cursor)
        }
    }

    private static func parameter(_ key: Query.SortKey) -> String {
        (key.isDescending ? "-" : "") + Gadget.schema.columns[key.column].name
    }

    /// HTTP servers take 8 KiB of a target.
    @Test func `fits into a URL, whatever the rows hold, where lists can be sorted`() throws {
        for schema in [Gadget.schema, Shelf.schema, Jar.schema] {
            for (position, column) in schema.columns.enumerated() {
                guard let length = column.rules.length else { continue }
                var row = Row(id: .integer(.min), fields: schema.blankFields, createdAt: .now, updatedAt: .now, version: 1)
                row.values[position] = .text(String(repeating: "🥖", count: length.upperBound))
                let query = Query(of: schema, sort: [.init(column: position, isDescending: false)])
                let cursor = query.cursor(after: row).text(for: query)
                #expect((cursor.utf8.count < 7_000) == column.isSortable, "\(schema.resource) by \(column.name)")
                if !column.isSortable {
                    let sentence = "names \(column.name), whose texts are too long to sort by"
                    #expect(throws: InvalidParameters([InvalidParameter("sort", sentence)])) {
                        try Query(of: schema, parameters: [QueryParameter("sort", "-\(column.name)")])
                    }
                }
            }
        }
    }

    @Test func `belongs to the filters and the order of its query`() {
        let filter = Query.Filter("pieces", .greater, .integer(5))
        let home = query([filter], "name")
        let text = home.cursor(after: Self.rows[0]).text(for: home)
        #expect(Query.Cursor(text, for: home) != nil)
        for other in [
            query([], "name"), query([filter], "-name"), query([filter], "note"), query([filter]),
            query([filter], "name", "note"),
            query([.init("pieces", .greaterOrEqual, .integer(5))], "name"),
            query([.init("pieces", .greater, .integer(6))], "name"),
            query([.init("version", .greater, .integer(5))], "name"), query([filter, filter], "name"),
        ] {
            #expect(Query.Cursor(text, for: other) == nil)
        }
        // How long the pages are, and whether they say the count, may change on the way.
        var longer = home
        longer.limit = 7
        longer.countsExactly = true
        #expect(Query.Cursor(text, for: longer) != nil)
    }

    @Test func `does not belong to the same query of another resource`() {
        let query = Query(of: Shelf.schema)
        let text = query.cursor(after: Stored<Shelf>(ID(7)).row).text(for: query)
        #expect(Query.Cursor(text, for: query) != nil)
        #expect(Query.Cursor(text, for: Query(of: Jar.schema)) == nil)
        #expect(Query.Cursor(text, for: Query(of: Gadget.schema)) == nil)
    }

    @Test func `is refused when a character of it was changed, added or lost`() {
        let query = query([], "name")
        let text = query.cursor(after: Self.rows[0]).text(for: query)
        for index in text.indices {
            var shorter = text
            shorter.remove(at: index)
            // What is left may by chance be the text of another cursor, but never of this one.
            #expect(Query.Cursor(shorter, for: query) != query.cursor(after: Self.rows[0]))
            var strange = text
            strange.replaceSubrange(index...index, with: "!")
            #expect(Query.Cursor(strange, for: query) == nil)
        }
        for other in ["", "A", text + "A", text + "=", text + "AAAA", "AAAA" + text, " " + text, text + "\n", text.lowercased()] {
            #expect(Query.Cursor(other, for: query) == nil)
        }
    }

    @Test func `is refused when it has null for what is never null`() {
        for (sort, values, fits) in [
            ("note", [.null, .uuid(.zero)], true), ("name", [.null, .uuid(.zero)], false), ("note", [.text("x"), .null], false),
        ] as [(String, [Value], Bool)] {
            let query = query([], sort)
            #expect((Query.Cursor(Query.Cursor(values: values).text(for: query), for: query) != nil) == fits, "\(values)")
        }
    }

    @Test func `never stops the service, whatever it is given`() {
        let query = query([], "name")
        let text = query.cursor(after: Self.rows[2]).text(for: query)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        for _ in 0..<5000 {
            var characters = Array(text)
            for _ in 0..<Int.random(in: 1...4) {
                characters[Int.random(in: 8..<characters.count)] = alphabet.randomElement()!
            }
            if let cursor = Query.Cursor(String(characters), for: query) { #expect(cursor.values.count == 2) }
        }
    }
}
