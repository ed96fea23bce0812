import Model
import Testing

@Suite struct `A column` {
    private func column(_ name: String) -> Column { Gadget.schema.columns[Gadget.column(name)] }

    @Test(arguments: [
        ("name", Value.text("lamp")), ("name", .text("日本")), ("name", .text("12345678")), ("note", .null), ("note", .text("")),
        ("email", .text("a@b")), ("email", .text("a@\u{301}b")), ("state", .text("broken")), ("pieces", .integer(1)),
        ("pieces", .integer(10)),
        ("price", .money(Money(cents: 1))), ("price", .money(Money(cents: 500))), ("made", .day(Day(number: 1))), ("sold", .null),
        ("sold", .timestamp(Timestamp(microseconds: 1))), ("special", .bool(true)), ("shelf_id", .integer(5)),
        ("part_id", .null),
        ("part_id", .uuid(.zero)), ("total", .money(Money(cents: -500))),
    ])
    func `has no problem with what its rules allow`(name: String, value: Value) {
        #expect(column(name).problem(with: value) == nil)
    }

    @Test(arguments: [
        ("name", Value.null, "must not be null"),
        ("name", .integer(1), "expects text without NUL characters"),
        ("name", .text("a"), "has 2 to 8 characters"),
        ("name", .text("123456789"), "has 2 to 8 characters"),
        ("name", .text("a\u{0}b"), "expects text without NUL characters"),
        // Characters are Unicode scalars, as PostgreSQL counts them.
        ("name", .text(String(repeating: "e\u{301}", count: 5)), "has 2 to 8 characters"),
        ("note", .text("123456"), "has at most 5 characters"),
        ("email", .text("nobody"), "expects an e-mail address such as name@example.org"),
        ("email", .text("a@b@c"), "expects an e-mail address such as name@example.org"),
        ("email", .text("@example.org"), "expects an e-mail address such as name@example.org"),
        ("email", .text("name@"), "expects an e-mail address such as name@example.org"),
        ("email", .text("na me@example.org"), "expects an e-mail address such as name@example.org"),
        ("email", .text("na\u{85}me@example.org"), "expects an e-mail address such as name@example.org"),
        ("email", .text("na\u{1F}me@example.org"), "expects an e-mail address such as name@example.org"),
        ("email", .text("a@"), "has 3 to 30 characters"),
        ("state", .text("old"), "expects one of new, worn, broken"),
        ("state", .integer(1), "expects one of new, worn, broken"),
        ("state", .null, "must not be null"),
        ("pieces", .integer(0), "is from 1 to 10"),
        ("pieces", .integer(11), "is from 1 to 10"),
        ("pieces", .text("5"), "expects a whole number between -9223372036854775808 and 9223372036854775807"),
        ("price", .money(Money(cents: 0)), "is from 0.01 to 5.00"),
        ("price", .money(Money(cents: 501)), "is from 0.01 to 5.00"),
        ("price", .integer(1), #"expects a decimal string with at most two decimals, such as "34.47""#),
        ("total", .money(Money(cents: 100_000_000_000_000)), "is from -999999999999.99 to 999999999999.99"),
        ("made", .text("today"), "expects a date as YYYY-MM-DD"),
        ("sold", .text("now"), "expects a time as RFC 3339 has it, such as 2026-11-21T09:21:14Z"),
        ("special", .integer(1), "expects true or false"),
        ("part_id", .text("x"), "expects a UUID such as 0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f"),
        ("shelf_id", .null, "must not be null"),
    ])
    func `says what it expects instead`(name: String, value: Value, sentence: String) {
        #expect(column(name).problem(with: value) == sentence)
    }

    @Test(arguments: [
        ("name", Value.text(""), true), ("name", .text("far too long to be one"), true), ("name", .null, false),
        ("name", .integer(1), false), ("note", .null, true), ("pieces", .integer(99), true), ("pieces", .text("1"), false),
        ("state", .text("worn"), true), ("state", .text("old"), false), ("state", .text("Worn"), false), ("state", .null, false),
        ("price", .money(Money(cents: .max)), true), ("price", .moneySum(MoneySum(cents: 1)), false),
        ("part_id", .uuid(.zero), true), ("shelf_id", .uuid(.zero), false), ("id", .null, false), ("version", .integer(0), true),
    ])
    func `fits what its kind and its choices allow, whatever its bounds`(name: String, value: Value, fits: Bool) {
        #expect(column(name).fits(value) == fits)
        // What has no problem fits; and what fits can be put into the property.
        if !fits { #expect(column(name).problem(with: value) != nil) }
        guard let field = Gadget.fields.first(where: { $0.name == name }) else { return }
        var gadget = Gadget()
        #expect(field.assign(value, to: &gadget) == fits)
    }

    @Test func `tells a choice from another spelling of it`() {
        let spelled = Column.Choices.column
        #expect(spelled.fits(.text("caf\u{E9}")))
        #expect(!spelled.fits(.text("cafe\u{301}")))
    }

    @Test func `is given by who writes, unless the service computes it or actions change it`() {
        let given = Gadget.schema.columns.filter(\.isGiven).map(\.name)
        #expect(given == ["name", "note", "email", "state", "pieces", "price", "made", "sold", "special", "shelf_id", "part_id"])
        #expect(Gadget.schema.columns.filter { !$0.isField }.map(\.name) == ["id", "created_at", "updated_at", "version"])
    }

    @Test func `is required unless it has a default, may be null or is not given`() {
        #expect(Gadget.schema.columns.filter(\.isRequired).map(\.name) == ["name", "price", "made", "shelf_id"])
    }

    @Test func `has the default that its property begins with`() {
        #expect(column("pieces").defaultValue == .integer(1))
        #expect(column("state").defaultValue == .text("new"))
        #expect(column("note").defaultValue == .null)
        #expect(column("repairs").defaultValue == .integer(0))
        for name in ["name", "total", "id", "version"] { #expect(column(name).defaultValue == nil, "\(name)") }
    }

    @Test func `has a blank that fits, for what cannot be read`() {
        for column in Gadget.schema.columns + Jar.layers.allColumns { #expect(column.fits(column.blank), "\(column.name)") }
        #expect(column("note").blank == .null)
        #expect(column("email").blank == .text("nobody@example.org"))
        #expect(column("state").blank == .text("new"))
        #expect(column("name").blank == .text(""))
    }

    @Test func `has an index if lists are often sorted by it, or if a constraint needs it`() {
        let indexed = Gadget.schema.columns.filter(\.isIndexed).map(\.name)
        #expect(indexed == ["id", "name", "made", "shelf_id", "part_id", "created_at"])
    }

    @Test func `with texts longer than a cursor can be does not sort`() {
        #expect(Gadget.schema.columns.allSatisfy { $0.isSortable && !$0.isLong })
        #expect(Gadget.schema.longColumns.isEmpty)
        #expect(Jar.schema.columns.filter(\.isLong).map(\.name) == ["label"])
        #expect(Jar.schema.longColumns == [2])
    }

    @Test func `has its name as the beginning of a member`() {
        for column in Gadget.schema.columns { #expect(String(decoding: column.jsonKey, as: UTF8.self) == "\"\(column.name)\":") }
    }
}

extension Column {
    /// Of a choice with an accent.
    fileprivate enum Choices: String, Choice {
        case cafe = "caf\u{E9}"

        struct Place: Record {
            var kind = Choices.cafe

            static let fields: [Field<Place>] = [Field("kind", \.kind)]
        }

        static var column: Column { Place.fields[0].column }
    }
}
