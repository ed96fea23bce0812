import Model
import Testing

@testable import Service

extension ImportPlan {
    fileprivate func sample(_ cells: [String]) throws -> (id: Value, record: Sample) { try record(cells) }
}

@Suite struct `A plan to import` {
    private func plan(
        _ header: [String] = Sample.header, map: [String: String?] = [:], idKind: Kind? = .integer
    ) throws -> ImportPlan {
        try ImportPlan(ImportTarget(Sample.self, idKind: idKind), header: header, map: map)
    }

    /// Why a header does not fit.
    private func refusal(_ header: [String], map: [String: String?] = [:], idKind: Kind? = .integer) -> String? {
        do throws(ImportPlan.HeaderError) {
            _ = try ImportPlan(ImportTarget(Sample.self, idKind: idKind), header: header, map: map)
            return nil
        } catch {
            return error.message
        }
    }

    /// What becomes of one cell in a column more than there have to be, or in place of one of them.
    private func value(_ field: String, _ cell: String) throws -> Value {
        var header = Sample.header
        var cells = Sample.cells
        if let index = header.firstIndex(of: field) {
            cells[index] = cell
        } else {
            header.append(field)
            cells.append(cell)
        }
        let record = try plan(header).sample(cells).record
        return Sample.fields.first { $0.name == field }!.value(of: record)
    }

    /// Why a cell is refused.
    private func refusal(_ field: String, _ cell: String) -> String? {
        do {
            let value = try value(field, cell)
            Issue.record("\(cell) became \(value)")
            return nil
        } catch {
            return (error as? RowError)?.reason
        }
    }

    // MARK: Headers

    @Test func `takes columns by the names of fields`() throws {
        let (id, record) = try plan().sample(Sample.cells)
        #expect(id == .integer(7))
        #expect(record == Sample.expected)
    }

    @Test func `takes columns in any order`() throws {
        let (id, record) = try plan(Sample.header.reversed()).sample(Sample.cells.reversed())
        #expect(id == .integer(7))
        #expect(record == Sample.expected)
    }

    @Test func `takes columns by other names when it is told`() throws {
        let plan = try plan(["nr", "flag", "number", "label", "amount", "day"], map: ["nr": "id", "amount": "price"])
        #expect(try plan.sample(Sample.cells).id == .integer(7))
        #expect(try plan.sample(Sample.cells).record == Sample.expected)
    }

    @Test func `drops columns that it is told to, whatever they hold`() throws {
        let plan = try plan(Sample.header + ["colour", "note"], map: ["colour": nil, "note": nil])
        #expect(try plan.sample(Sample.cells + ["red", "far too long"]).record == Sample.expected)
    }

    @Test func `may swap two columns`() throws {
        let plan = try plan(Sample.header + ["note"], map: ["label": "note", "note": "label"])
        let record = try plan.sample(Sample.cells + ["xyz"]).record
        #expect(record.label == "xyz")
        #expect(record.note == "abc")
    }

    @Test func `refuses a column that is no field, and says what to do`() {
        let names = "id, flag, number, label, price, day, moment, key, note, size, total"
        #expect(
            refusal(Sample.header + ["colour"])
                == "Column colour is no field; name its field by --map colour=FIELD (one of \(names)) or drop it by --map colour=-."
        )
        #expect(refusal(Sample.header + ["x"], map: ["x": "colour"])?.hasPrefix("Column x is no field; ") == true)
        #expect(
            refusal(Sample.header + ["Note"])
                == "Column Note is no field; perhaps note is meant: --map Note=note says so, --map Note=- drops it.")
        #expect(
            refusal(Sample.header + ["x"], map: ["x": "nte"])?.hasPrefix("Column x is no field; perhaps note is meant") == true)
        #expect(refusal(Sample.header + ["created_at"])?.hasPrefix("Column created_at is no field; ") == true)
    }

    @Test func `refuses two columns for one field`() {
        #expect(refusal(Sample.header + ["label"]) == "Two columns are for the field label.")
        #expect(refusal(Sample.header + ["title"], map: ["title": "label"]) == "Two columns are for the field label.")
        #expect(refusal(Sample.header + ["nr"], map: ["nr": "id"]) == "Two columns are for the field id.")
        #expect(refusal(Sample.header + ["a", "b"], map: ["a": nil, "b": nil]) == nil)
    }

    @Test func `refuses a map of a column that is not there`() {
        #expect(refusal(Sample.header, map: ["colour": "note"]) == "--map names a column colour that the file does not have.")
        #expect(refusal(Sample.header, map: ["colour": nil]) == "--map names a column colour that the file does not have.")
    }

    @Test func `hears of a column that is near to one of a map`() {
        #expect(
            refusal(Sample.header, map: ["lable": "note"])
                == "--map names a column lable that the file does not have; perhaps label is meant.")
    }

    @Test func `repeats no more of a cell than fits into a line`() {
        #expect((refusal("number", String(repeating: "x", count: 1 << 20)) ?? "").utf8.count < 300)
    }

    @Test func `names a column without a name by its place, and drops it or takes it when it is told to`() throws {
        let message = "Column 7 has no name: end line 1 without its comma, or drop the column by --map =-."
        #expect(refusal(Sample.header + [""]) == message)
        let dropped = try plan(Sample.header + ["", ""], map: ["": nil])
        #expect(try dropped.sample(Sample.cells + ["", "x"]).record == Sample.expected)
        #expect(try plan([""] + Sample.header.dropFirst(), map: ["": "id"]).sample(Sample.cells).id == .integer(7))
    }

    @Test func `needs no column for the id`() throws {
        for plan in [try plan(Array(Sample.header.dropFirst())), try plan(["x"] + Sample.header.dropFirst(), map: ["x": nil])] {
            let cells = plan.targets.count == 5 ? Array(Sample.cells.dropFirst()) : Sample.cells
            let (id, record) = try plan.sample(cells)
            #expect(id == .null)
            #expect(record == Sample.expected)
        }
    }

    @Test(arguments: ["flag", "number", "label", "price", "day"])
    func `needs a column for each field without a default`(field: String) {
        let message = "No column is for the field \(field); name it by --map COLUMN=\(field)."
        #expect(refusal(Sample.header.filter { $0 != field }) == message)
        #expect(refusal(Sample.header, map: [field: nil]) == message)
    }

    @Test func `of records without an id takes no column for one`() throws {
        let header = Array(Sample.header.dropFirst())
        let (id, record) = try plan(header, idKind: nil).sample(Array(Sample.cells.dropFirst()))
        #expect(id == .null)
        #expect(record == Sample.expected)
        #expect(refusal(Sample.header, idKind: nil)?.hasPrefix("Column id is no field; ") == true)
    }

    // MARK: Rows

    @Test(arguments: [5, 7, 1])
    func `refuses a row with another number of cells`(count: Int) throws {
        let cells = Array((Sample.cells + ["x"]).prefix(count))
        let plan = try plan()
        let error = #expect(throws: RowError.self) { try plan.sample(cells) }
        #expect(error?.reason == "it has \(count) columns instead of 6")
    }

    @Test func `computes what has no column, and keeps what has one`() throws {
        #expect(try plan().sample(Sample.cells).record.total == Money(cents: 300))
        let withTotal = try plan(Sample.header + ["total"])
        #expect(try withTotal.sample(Sample.cells + ["9.99"]).record.total == Money(cents: 999))
        let dropped = try plan(Sample.header + ["total"], map: ["total": nil])
        #expect(try dropped.sample(Sample.cells + ["9.99"]).record.total == Money(cents: 300))
    }

    @Test(
        arguments: [
            ("flag", "true", .bool(true)), ("flag", "1", .bool(true)), ("flag", "false", .bool(false)),
            ("flag", "0", .bool(false)),
            ("number", "-100", .integer(-100)), ("number", "0", .integer(0)), ("number", "100", .integer(100)),
            ("label", "a", .text("a")),
            ("label", "äöü€😀", .text("äöü€😀")), ("label", " a\n\" ", .text(" a\n\" ")), ("price", "0", .money(Money(cents: 0))),
            ("price", "-1.5", .money(Money(cents: -150))), ("price", "999999999999.99", .money(Money.limit)),
            ("day", "2024-02-29", .day(Day(year: 2024, month: 2, day: 29)!)),
            ("moment", "2026-11-21T09:21:14Z", .timestamp(Timestamp("2026-11-21T09:21:14Z")!)),
            ("moment", "2026-11-21 09:21:14.5+02", .timestamp(Timestamp("2026-11-21T07:21:14.5Z")!)),
            ("key", "0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f", .uuid(UUID("0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f")!)),
            ("note", "n", .text("n")), ("note", "", .null), ("moment", "", .null), ("key", "", .null), ("size", "9", .integer(9)),
        ] as [(String, String, Value)])
    func `reads cells of each kind`(field: String, cell: String, expected: Value) throws {
        #expect(try value(field, cell) == expected)
    }

    @Test(arguments: [
        ("flag", "yes", "flag \"yes\" is not true or false"), ("flag", "TRUE", "flag \"TRUE\" is not true or false"),
        ("number", "1.5", "number \"1.5\" is not a whole number between -9223372036854775808 and 9223372036854775807"),
        ("number", "+1", "number \"+1\" is not a whole number between -9223372036854775808 and 9223372036854775807"),
        ("number", " 1", "number \" 1\" is not a whole number between -9223372036854775808 and 9223372036854775807"),
        ("number", "101", "number is from -100 to 100"), ("label", "", "label has 1 to 5 characters"),
        ("label", "abcdef", "label has 1 to 5 characters"), ("note", "abcdef", "note has 1 to 5 characters"),
        ("label", "a\u{0}", "label \"a\u{FFFD}\" is not text without NUL characters"),
        ("price", "1.505", "price \"1.505\" is not a decimal string with at most two decimals, such as \"34.47\""),
        ("day", "1.3.2026", "day \"1.3.2026\" is not a date as YYYY-MM-DD"),
        ("day", "2026-02-29", "day \"2026-02-29\" is not a date as YYYY-MM-DD"),
        ("flag", "", "flag must not be null"), ("number", "", "number must not be null"), ("price", "", "price must not be null"),
        ("day", "", "day must not be null"), ("size", "", "size must not be null"), ("total", "", "total must not be null"),
    ])
    func `refuses cells that a field cannot hold, and says why`(field: String, cell: String, reason: String) {
        #expect(refusal(field, cell) == reason)
    }

    private func idRefusal(_ cell: String, _ kind: Kind) throws -> String? {
        let plan = try plan(idKind: kind)
        let error = #expect(throws: RowError.self) { try plan.sample([cell] + Sample.cells.dropFirst()) }
        return error?.reason
    }

    @Test(arguments: ["", "a", "1.0", "+1", " 1", "9223372036854775808"])
    func `refuses what is no id`(cell: String) throws {
        let number = "a whole number between -9223372036854775808 and 9223372036854775807"
        #expect(try idRefusal(cell, .integer) == "id \"\(cell)\" is not \(number)")
    }

    @Test func `refuses ids that the service would never give`() throws {
        #expect(try idRefusal("-1", .integer) == "id -1 is not positive")
        #expect(try idRefusal("7", .uuid)?.hasPrefix("id \"7\" is not a UUID") == true)
        #expect(try idRefusal("0", .integer) == "id 0 is not positive")
        for id in ["9007199254740992", "9223372036854775807"] {
            #expect(
                try idRefusal(id, .integer) == "id \(id) is greater than 9007199254740991, so that no other could follow it")
        }
        #expect(try plan().sample(["9007199254740991"] + Sample.cells.dropFirst()).id == .integer(9_007_199_254_740_991))
    }

    @Test func `takes ids that are UUIDs`() throws {
        let key = "0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f"
        #expect(try plan(idKind: .uuid).sample([key] + Sample.cells.dropFirst()).id == .uuid(UUID(key)!))
    }
}
