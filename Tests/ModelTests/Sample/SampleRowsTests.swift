import Model
import Testing

@Suite struct `Sample rows` {
    private let rows = SampleRows(SampleWords(texts: ["name": ["lamp", "vase"]], numbers: ["pieces": 2...4])) { _ in 50 }

    private func check(_ columns: [Column], _ values: (Int64) -> [Value], of resource: String) {
        var unique: [String: Set<Value>] = [:]
        for number in Int64(1)...300 {
            let row = values(number)
            #expect(row == values(number), "it is always the same")
            #expect(row.count == columns.count)
            for (column, value) in zip(columns, row) {
                if !column.rules.isDerived { #expect(column.problem(with: value) == nil, "\(resource).\(column.name): \(value)") }
                // There is none before the first to refer to.
                if number == 1, column.rules.references != resource { #expect(value != .null) }
                if column.rules.isUnique, value != .null {
                    #expect(unique[column.name, default: []].insert(value).inserted, "\(resource).\(column.name): \(value)")
                }
            }
        }
    }

    @Test func `fit every declaration`() {
        for schema in [Gadget.schema, Shelf.schema, Jar.schema, Ticket.schema] {
            check(Array(schema.fieldColumns), { rows.fields($0, of: schema) }, of: schema.resource)
        }
        check(Jar.layers.columns, { rows.values($0, of: Jar.layers.columns, "jar_layers") }, of: "jar_layers")
    }

    @Test func `have ids that no two share`() {
        for schema in [Gadget.schema, Shelf.schema] {
            #expect(Set((1...300).map { SampleRows.id($0, of: schema) }).count == 300)
            #expect(SampleRows.id(1, of: schema).kind == schema.keyKind)
        }
    }

    @Test func `refer to rows that there are, and to their own kind before them`() {
        let shelves = (1...50).map { SampleRows.id($0, of: Shelf.schema) }
        for number in Int64(1)...300 {
            let gadget = Gadget(values: rows.fields(number, of: Gadget.schema))
            #expect(shelves.contains(gadget.shelf.value))
            if let part = gadget.part {
                #expect((1..<number).contains { SampleRows.id($0, of: Gadget.schema) == part.value })
            }
        }
    }

    @Test func `have what follows from their fields, and of what actions change the beginning`() {
        for number in Int64(1)...20 {
            let gadget = Gadget(values: rows.fields(number, of: Gadget.schema))
            #expect(gadget.total == Money(cents: gadget.price.cents * gadget.pieces))
            #expect(gadget.repairs == 0)
        }
    }

    @Test func `are made of the words that there are for their fields`() {
        let gadgets = (1...50).map { Gadget(values: rows.fields($0, of: Gadget.schema)) }
        #expect(gadgets.allSatisfy { $0.name.hasPrefix("lamp") || $0.name.hasPrefix("vase") })
        #expect(Set(gadgets.map(\.pieces)) == [2, 3, 4])
        #expect(Shelf(values: SampleRows(SampleWords()) { _ in 1 }.fields(7, of: Shelf.schema)).name == "Name 7")
    }

    @Test func `differ within bounds that leave out what is usual`() {
        let tickets = (1...50).map { Ticket(values: rows.fields($0, of: Ticket.schema)) }
        #expect(Set(tickets.map(\.price)).count > 25)
        #expect(Set(tickets.map(\.debt)) == [-5])
    }

    @Test func `are whole with their ids and times`() {
        let row = rows.row(3, of: Shelf.schema, at: Timestamp(microseconds: 9))
        #expect((row.id, row.version, row.createdAt) == (.integer(3), 1, Timestamp(microseconds: 9)))
        #expect(Array(row.fields) == rows.fields(3, of: Shelf.schema))
    }
}

/// An entity with bounds that leave out what is usual, and of which much has to be unique.
private struct Ticket: Entity {
    typealias Key = Int64

    var number: Int64 = 0
    var year: Int64 = 20_000
    var price: Int64 = 20_000
    var debt: Int64 = -9
    var any: Int64?
    var shelf = ID<Shelf>(0)
    var word = ""
    var address = ""
    var contact = ""

    static let resource = "tickets"
    static let singular = "ticket"
    static let fields: [Field<Ticket>] = [
        Field("number", \.number, .unique),
        Field("year", \.year, .range(20_000...30_000), .unique),
        Field("price", \.price, .range(20_000...30_000)),
        Field("debt", \.debt, .range(-9 ... -5)),
        Field("any", \.any, .range(.min ... .max), .unique),
        Field("shelf_id", \.shelf, .references(Shelf.self)),
        Field("name", \.word, .length(2...4)),
        Field("address", \.address, .length(3...18), .email, .unique),
        Field("contact", \.contact, .length(3...4), .email),
    ]
    static let schema = Schema(of: Ticket.self)
}
