import Model
import Testing

/// What is shown within rows.
@Suite struct `Shown parts` {
    private let source = FakeTransaction()
    private let context = ReadContext(deadline: 0)
    private let shelf = 0
    private let layers = 1

    /// The jars with these parts, as they are sent.
    private func shown(_ parts: [Int], of jars: Stored<Jar>...) async throws -> [String] {
        let rows = jars.map(\.row)
        let projection = Projection(columns: [0], parts: parts)
        let parts = try await ShownParts(of: projection, Jar.schema, rows: rows.count, from: source, context) { row, column in
            rows[row].values[column]
        }
        return (0..<parts.rows).map { number in
            let page = PageWriter.page(of: Query(of: Jar.schema), rows: rows.count, parts: parts) { row, json in
                json.members(of: rows[row], Jar.schema, projection)
            } cursor: { _ in
                Query.Cursor(values: [.integer(0)])
            }
            return text(page).split(separator: #"{"id":"#).dropFirst()[number + 1].description
        }
    }

    private func add(shelves: ClosedRange<Int64>, nameLength: Int = 1) {
        for id in shelves {
            var shelf = Stored<Shelf>(ID(id))
            shelf.value.name = String(repeating: "s", count: nameLength)
            source.add(shelf)
        }
    }

    private func whole(_ projection: Projection, of jar: Stored<Jar>) async throws -> String {
        let parts = try await ShownParts(of: projection, Jar.schema, rows: 1, from: source, context) { jar.row.values[$1] }
        return text(Encoded.row(parts: parts) { $0.members(of: jar.row, Jar.schema, projection) })
    }

    @Test func `are the rows that a row refers to`() async throws {
        add(shelves: 3...3)
        let shelf = text(Encoded(Stored<Shelf>(ID(3), source.row(ID<Shelf>(3))!.value).row, of: Shelf.schema))
        #expect(
            try await whole(Projection(columns: [0, 3], parts: [self.shelf]), of: Jar.stored(7))
                == #"{"id":7,"grams":100,"shelf":\#(shelf)}"#)
        #expect(context.tags.map(\.name) == ["shelves:3"])
    }

    @Test func `are the records that a row owns, by position, without owner and position`() async throws {
        source.add(Jar.layer(7, 2, Layer(grams: 2)), Jar.layer(7, 1, Layer(grams: 1)), Jar.layer(8, 1), to: Jar.layers)
        let projection = Projection(columns: [0], parts: [layers])
        #expect(
            try await whole(projection, of: Jar.stored(7)) == """
                {"id":7,"layers":[{"gadget_id":null,"grams":1,"ounces":0},{"gadget_id":null,"grams":2,"ounces":0}]}
                """)
        #expect(try await whole(projection, of: Jar.stored(9)) == #"{"id":9,"layers":[]}"#)
        // They are a part of their owner, on which the representation depends anyway.
        #expect(context.tags.isEmpty)
    }

    @Test func `stand in the order of the projection, and null for no reference`() async throws {
        let gadget = Gadget.row(1) { $0.shelf = ID(3) }
        add(shelves: 3...3)
        let projection = Projection(columns: [0], parts: [0, 1])
        let parts = try await ShownParts(of: projection, Gadget.schema, rows: 1, from: source, context) { gadget.values[$1] }
        let json = text(Encoded.row(parts: parts) { $0.members(of: gadget, Gadget.schema, projection) })
        #expect(json.hasPrefix(#"{"id":"\#(Gadget.id(1))","shelf":{"id":3,"#))
        #expect(json.hasSuffix(#"},"part":null}"#))
        #expect(context.tags.map(\.name) == ["shelves:3"])
    }

    @Test func `ask for each row once, and depend on each, up to 64`() async throws {
        for count in [64, 65] as [Int64] {
            add(shelves: 1...count)
            let context = ReadContext(deadline: 0)
            _ = try await ShownParts(
                of: Projection(parts: [shelf]), Jar.schema, rows: Int(count) * 2, from: source, context
            ) { row, _ in .integer(Int64(row) % count + 1) }
            #expect(context.tags.map(\.name) == (count == 64 ? (1...64).map { "shelves:\($0)" } : ["shelves"]))
        }
    }

    @Test func `of none are none`() async throws {
        let parts = try await ShownParts(of: Projection(parts: [shelf, layers]), Jar.schema, rows: 0, from: source, context) {
            _, _ in
            .null
        }
        #expect(parts.rows == 0)
        #expect(context.tags.isEmpty)
    }

    @Test func `end with the rows that fill a page`() async throws {
        let third = PageLimits.maximumBytes / 3
        add(shelves: 1...5, nameLength: third)
        // The third has no room, whether it was read or not.
        for rows in [5, 2] {
            source.rowsOfPage = rows
            let parts = try await ShownParts(of: Projection(parts: [shelf]), Jar.schema, rows: 5, from: source, context) {
                row, _ in
                .integer(Int64(row + 1))
            }
            #expect(parts.rows == 2)
        }
        // One is shown whatever it takes.
        add(shelves: 1...1, nameLength: 2 * PageLimits.maximumBytes)
        let parts = try await ShownParts(of: Projection(parts: [shelf]), Jar.schema, rows: 5, from: source, context) { row, _ in
            .integer(Int64(row + 1))
        }
        #expect(parts.rows == 1)
    }

    @Test func `end where the first of them ends`() async throws {
        add(shelves: 1...4)
        source.rowsOfPage = 3
        #expect(
            try await shown(
                [layers, shelf], of: Jar.stored(1, shelf: 1), Jar.stored(2, shelf: 2), Jar.stored(3, shelf: 3),
                Jar.stored(4, shelf: 4)
            ).count == 3)
    }

    /// Somebody dropped the constraint, and then the shelf.
    @Test func `are null for a row that is gone, and lists go on behind it`() async throws {
        add(shelves: 2...2)
        let gone = try await shown([shelf], of: Jar.stored(1, shelf: 1), Jar.stored(2, shelf: 2))
        #expect(gone.first?.hasPrefix(#"1,"shelf":null}"#) == true)
        #expect(gone.count == 2)
        // One further down ends the page, and begins the next.
        #expect(try await shown([shelf], of: Jar.stored(1, shelf: 2), Jar.stored(2, shelf: 1)).count == 1)
    }
}
