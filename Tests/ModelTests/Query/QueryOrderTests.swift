import Model
import Testing

@Suite struct `The order of a list` {
    private func ids(_ rows: [Row], by sort: String...) -> [Int] {
        let query = Query(of: Gadget.schema, sort: sort.map { Query.SortKey($0) })
        return rows.shuffled().sorted(by: query.isOrderedBefore).map { Int($0.id.text!.suffix(12))! }
    }

    private static let rows = [
        Gadget.row(1) { $0.note = "b" }, Gadget.row(2) { $0.note = nil }, Gadget.row(3) { $0.note = "a" },
        Gadget.row(4) { $0.note = nil }, Gadget.row(5) { $0.note = "b" }, Gadget.row(6) { $0.note = "B" },
    ]

    @Test func `is that of the ids, unless it is told`() {
        #expect(ids(Self.rows) == [1, 2, 3, 4, 5, 6])
        #expect(ids(Self.rows, by: "-id") == [6, 5, 4, 3, 2, 1])
    }

    @Test func `puts nulls last, or first when it descends, and ids in the same direction`() {
        #expect(ids(Self.rows, by: "note") == [6, 3, 1, 5, 2, 4])
        #expect(ids(Self.rows, by: "-note") == [4, 2, 5, 1, 3, 6])
    }

    @Test func `follows each key in its own direction`() {
        let rows = [
            Gadget.row(1) { ($0.pieces, $0.isSpecial) = (1, true) }, Gadget.row(2) { ($0.pieces, $0.isSpecial) = (2, false) },
            Gadget.row(3) { ($0.pieces, $0.isSpecial) = (1, false) }, Gadget.row(4) { ($0.pieces, $0.isSpecial) = (2, true) },
        ]
        #expect(ids(rows, by: "special", "-pieces") == [2, 3, 4, 1])
        #expect(ids(rows, by: "-special", "pieces") == [1, 4, 3, 2])
        #expect(ids(rows, by: "-pieces") == [4, 2, 3, 1])
        #expect(ids(rows, by: "pieces", "-id") == [3, 1, 4, 2])
    }

    @Test func `is the same for texts that are one string to Swift`() {
        // By bytes 3, 1, 2; were the first two equal, their ids would contradict it.
        let rows = [
            Gadget.row(1) { $0.name = "e\u{301}" }, Gadget.row(2) { $0.name = "\u{E9}" }, Gadget.row(3) { $0.name = "e" },
            Gadget.row(4) { $0.name = "f" },
        ]
        #expect(ids(rows, by: "name") == [3, 1, 4, 2])
        #expect(ids(rows, by: "-name") == [2, 4, 1, 3])
    }

    @Test func `says what comes after a cursor, also if its row is gone`() {
        for sort in ["id", "-id", "note", "-note"] {
            var query = Gadget.query([], sort)
            let sorted = Self.rows.sorted(by: query.isOrderedBefore)
            #expect(sorted.allSatisfy(query.isAfterCursor))
            for (index, row) in sorted.enumerated() {
                query.cursor = query.cursor(after: row)
                #expect(sorted.map(query.isAfterCursor) == sorted.indices.map { $0 > index })
            }
        }
    }
}

@Suite struct `A filter` {
    private static let row = Gadget.row(1) { gadget in
        gadget.name = "Lampé"
        gadget.pieces = 5
        gadget.note = nil
    }

    @Test(arguments: [
        (Query.Filter("pieces", .equal, .integer(5)), true), (.init("pieces", .equal, .integer(6)), false),
        (.init("pieces", .notEqual, .integer(6)), true), (.init("pieces", .notEqual, .integer(5)), false),
        (.init("pieces", .less, .integer(6)), true), (.init("pieces", .less, .integer(5)), false),
        (.init("pieces", .lessOrEqual, .integer(5)), true), (.init("pieces", .lessOrEqual, .integer(4)), false),
        (.init("pieces", .greater, .integer(4)), true), (.init("pieces", .greater, .integer(5)), false),
        (.init("pieces", .greaterOrEqual, .integer(5)), true), (.init("pieces", .greaterOrEqual, .integer(6)), false),
        (.init("pieces", .isIn, .integer(1), .integer(5)), true), (.init("pieces", .isIn, .integer(1)), false),
        (.init("pieces", .isIn), false),
        (.init("pieces", .isNull), false), (.init("pieces", .isNotNull), true),
        (.init("name", .contains, .text("amp")), true), (.init("name", .contains, .text("Lampé")), true),
        (.init("name", .contains, .text("")), true), (.init("name", .contains, .text("lamp")), false),
        (.init("name", .contains, .text("L%")), false), (.init("name", .contains, .text("L_mp")), false),
        (.init("name", .contains, .text("Lampéx")), false), (.init("name", .contains, .text("e")), false),
        (.init("name", .contains, .text("mpe\u{301}")), false), (.init("name", .equal, .text("Lampe\u{301}")), false),
        (.init("name", .less, .text("a")), true), (.init("name", .greater, .text("Lamp")), true),
    ])
    func `compares as SQL does`(filter: Query.Filter, isFulfilled: Bool) {
        #expect(filter.matches(Self.row) == isFulfilled)
    }

    @Test func `is not fulfilled by null, unless it asks for it`() {
        for comparison in Query.Comparison.allCases {
            let values: [Value] = comparison == .isNull || comparison == .isNotNull ? [] : [.text("")]
            let filter = Query.Filter(Gadget.column("note"), comparison, values)
            #expect(filter.matches(Self.row) == (comparison == .isNull))
        }
    }

    /// A search that tries each place would take minutes.
    @Test func `looks for a part of a text in a time that grows with their lengths alone`() {
        let row = Gadget.row(1) { $0.name = String(repeating: "a", count: 200_000) }
        let part = String(repeating: "a", count: 50_000)
        let duration = ContinuousClock().measure {
            #expect(Query.Filter("name", .contains, .text(part)).matches(row))
            #expect(!Query.Filter("name", .contains, .text(part + "b")).matches(row))
        }
        #expect(duration < .seconds(5))
    }
}
