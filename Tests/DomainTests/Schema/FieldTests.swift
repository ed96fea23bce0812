import Domain
import Testing

@Suite struct `A field` {
    @Test(arguments: [
        ("name", Value.text("lamp")), ("name", .text("日本")), ("name", .text("12345678")), ("note", .null), ("note", .text("")),
        ("email", .text("a@b")), ("email", .text("a@\u{301}b")), ("state", .text("broken")), ("count", .integer(1)),
        ("count", .integer(10)),
        ("price", .money(Money(cents: 1))), ("price", .money(Money(cents: 500))), ("made", .day(Day(number: 1))), ("sold", .null),
        ("sold", .timestamp(Timestamp(microseconds: 1))), ("special", .bool(true)), ("category_id", .integer(5)),
        ("part_id", .null),
        ("part_id", .uuid(.zero)), ("total", .money(Money(cents: -500))),
    ])
    func `has no problem with what its rules allow`(name: String, value: Value) {
        #expect(Gadget.field(name).problem(with: value) == nil)
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
        ("count", .integer(0), "is from 1 to 10"),
        ("count", .integer(11), "is from 1 to 10"),
        ("count", .text("5"), "expects a whole number between -9223372036854775808 and 9223372036854775807"),
        ("price", .money(Money(cents: 0)), "is from 0.01 to 5.00"),
        ("price", .money(Money(cents: 501)), "is from 0.01 to 5.00"),
        ("price", .integer(1), #"expects a decimal string with at most two decimals, such as "34.47""#),
        ("total", .money(Money(cents: 100_000_000_000_000)), "is from -999999999999.99 to 999999999999.99"),
        ("made", .text("today"), "expects a date as YYYY-MM-DD"),
        ("sold", .text("now"), "expects a time as RFC 3339 has it, such as 2026-11-21T09:21:14Z"),
        ("special", .integer(1), "expects true or false"),
        ("part_id", .text("x"), "expects a UUID such as 0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f"),
        ("category_id", .null, "must not be null"),
    ])
    func `says what it expects instead`(name: String, value: Value, sentence: String) {
        #expect(Gadget.field(name).problem(with: value) == sentence)
    }

    @Test func `is required unless it has a default, may be null or is derived`() {
        #expect(Gadget.fields.filter(\.isRequired).map(\.name) == ["name", "price", "made", "category_id"])
        #expect(Gadget.field("count").defaultValue == .integer(1))
        #expect(Gadget.field("state").defaultValue == .text("new"))
        #expect(Gadget.field("note").defaultValue == .null)
        #expect(Gadget.field("name").defaultValue == nil)
    }

    @Test func `takes its kind from the property and its rules from the declaration`() {
        let kinds: [Kind] = [
            .text, .text, .text, .text, .integer, .money, .day, .timestamp, .bool, .integer, .uuid, .money,
        ]
        #expect(Gadget.fields.map(\.kind) == kinds)
        #expect(Gadget.fields.filter(\.isOptional).map(\.name) == ["note", "sold", "part_id"])
        #expect(Gadget.field("state").choices == ["new", "worn", "broken"])
        #expect(Gadget.field("name").rules.isUnique)
        #expect(Gadget.field("name").rules.length == 2...8)
        #expect(Gadget.field("count").rules.range == 1...10)
        #expect(Gadget.field("email").rules.isEmail)
        #expect(Gadget.field("category_id").rules.references == "categories")
        #expect(Gadget.field("part_id").rules.references == "gadgets")
        #expect(Gadget.field("total").rules.isDerived)
    }

    @Test func `reads and writes its property`() {
        var gadget = Gadget()
        for (name, value) in [
            ("name", Value.text("lamp")), ("note", .text("n")), ("note", .null), ("state", .text("worn")), ("count", .integer(7)),
            ("price", .money(Money(cents: 7))), ("made", .day(Day(number: 7))), ("sold", .timestamp(Timestamp(microseconds: 7))),
            ("special", .bool(true)), ("category_id", .integer(7)), ("part_id", .uuid(.zero)),
        ] {
            #expect(Gadget.field(name).assign(value, to: &gadget))
            #expect(Gadget.field(name).value(of: gadget) == value)
        }
        #expect(gadget.category == ID(7))
        #expect(gadget.state == .worn)
    }

    @Test func `changes nothing when a value does not fit`() {
        var gadget = Gadget()
        gadget.name = "lamp"
        let values: [Value] = [.null, .integer(1), .money(Money(cents: 1))]
        for value in values {
            let fits = Gadget.field("name").assign(value, to: &gadget)
            #expect(!fits)
        }
        let isState = Gadget.field("state").assign(.text("old"), to: &gadget)
        #expect(!isState)
        #expect(gadget.name == "lamp")
        #expect(gadget.state == .new)
    }
}

@Suite struct `A schema` {
    @Test func `has the fields between the identity and what the store gives`() {
        let fields = Gadget.fields.map(\.name)
        #expect(Gadget.schema.columns.map(\.name) == ["id"] + fields + ["created_at", "updated_at", "version"])
        for (index, column) in Gadget.schema.columns.enumerated() {
            #expect(Gadget.schema.position(of: column.name) == index)
            #expect((column.field != nil) == fields.contains(column.name))
        }
        #expect(Gadget.schema.position(of: "colour") == nil)
        #expect(Gadget.schema.position(of: "") == nil)
        #expect(Gadget.schema.references.map(\.name) == ["category_id", "part_id"])
    }

    @Test func `knows the kind of each column`() {
        #expect(Gadget.schema.columns.first?.kind == .uuid)
        #expect(Category.schema.columns.first?.kind == .integer)
        #expect(Gadget.schema.columns.suffix(3).map(\.kind) == [.timestamp, .timestamp, .integer])
        #expect(Gadget.schema.columns.filter(\.isOptional).map(\.name) == ["note", "sold", "part_id"])
    }

    @Test func `reads and writes whole rows by columns`() {
        var source = Gadget.row(1) { gadget in
            gadget.name = "lamp"
            gadget.sold = Timestamp(microseconds: 5)
            gadget.category = ID(3)
        }
        source.createdAt = Timestamp(microseconds: 1)
        source.updatedAt = Timestamp(microseconds: 2)
        source.version = 9
        var copy = Stored<Gadget>()
        for column in Gadget.schema.columns {
            #expect(column.assign(column.value(of: source), to: &copy))
            let fits = column.assign(.text("nothing like it"), to: &copy)
            #expect(fits == (column.kind == .text && column.field?.choices == nil))
            _ = column.assign(column.value(of: source), to: &copy)
        }
        for column in Gadget.schema.columns { #expect(column.value(of: copy) == column.value(of: source)) }
        #expect(copy.version == 9)
        #expect(copy.name == "lamp")
    }
}

/// The declarations of the resources themselves.
@Suite struct `The declarations` {
    @Test func `accept the values that their properties begin with, where these are defaults`() {
        func check<E: Entity>(_ entity: E.Type) {
            for field in E.fields {
                guard let value = field.defaultValue, value != .null else { continue }
                #expect(field.problem(with: value) == nil, "\(E.resource).\(field.name)")
            }
            #expect(Set(E.fields.map(\.name)).count == E.fields.count)
        }
        for entity in Resources.all { check(entity) }
    }

    @Test func `give every reference the kind of the id that it refers to`() {
        let entities = Resources.all
        func kind<E: Entity>(_ entity: E.Type) -> Kind { E.Key.kind }
        let kinds = Dictionary(uniqueKeysWithValues: entities.map { ($0.resource, kind($0)) })
        func check<E: Entity>(_ entity: E.Type) {
            for field in E.schema.references { #expect(kinds[field.rules.references ?? ""] == field.kind) }
        }
        for entity in entities { check(entity) }
        for field in OrderLine.fields where field.rules.references != nil {
            #expect(kinds[field.rules.references ?? ""] == field.kind)
        }
    }

    @Test func `compute an order's total from its amounts`() {
        var order = Order()
        order.netAmount = Money(cents: 3184)
        order.tax = Money(cents: 263)
        order.derive()
        #expect(order.totalAmount == Money(cents: 3447))
    }
}
