internal import Domain

/// All rows at one moment, or as one transaction sees them. Every change leaves the constraints fulfilled, or throws;
/// what it then leaves is to be dropped.
///
/// A value: copies are cheap, and whoever has one sees no change of another.
struct Tables: Sendable {
    private var tables: [String: any AnyTable] = [:]
    private(set) var lines = OrderLines()
    var answers = KeptAnswers()

    func table<E: Entity>(of entity: E.Type) -> Table<E> {
        tables[E.resource].map { $0 as! Table<E> } ?? Table()  // `change` stores each under its own resource
    }

    func row<E: Entity>(_ id: ID<E>) -> Stored<E>? { table(of: E.self)[id.value] }

    /// Inserts a row, or replaces the one with its id.
    mutating func put<E: Entity>(_ row: Stored<E>) throws(DomainError) {
        try change(E.self) { table throws(DomainError) in try table.put(row) }
        try check(E.schema.references, of: row.value)
    }

    /// Replaces rows by their ids, which may exchange what has to be unique.
    mutating func replace<E: Entity>(_ rows: [Stored<E>]) throws(DomainError) {
        change(E.self) { table in
            for row in rows { table.freeUniqueValues(of: row.id.value) }
        }
        for row in rows { try put(row) }
    }

    /// Removes a row with all that is a part of it.
    mutating func remove<E: Entity>(_ row: Stored<E>) throws(DomainError) {
        change(E.self) { $0.remove(row) }
        for resource in tables.keys.sorted() where tables[resource]!.refers(to: E.resource, row.id.value) {
            throw .stillReferenced(by: resource)
        }
        if let order = row.id as? ID<Order> { lines.removeAll(of: order) }
        if let product = row.id as? ID<Product>, lines.refer(to: product) { throw .stillReferenced(by: Order.resource) }
    }

    /// Inserts a line, or replaces the one with its number.
    ///
    /// - Returns: whether it is new, or another one than before.
    mutating func put(_ line: OrderLine) throws(DomainError) -> Bool {
        try check(OrderLine.fields, of: line)
        return lines.put(line)
    }

    /// Checks that the rows exist that a record names.
    private func check<R: Record>(_ fields: [Field<R>], of record: R) throws(DomainError) {
        for field in fields {
            guard let resource = field.rules.references else { continue }
            let value = field.value(of: record)
            guard value == .null || tables[resource]?.contains(value) == true else {
                throw .missingReference(field: field.name, resource: resource)
            }
        }
    }

    /// Changes a table in its place: it is taken out meanwhile, because a second reference to it would make each change
    /// copy what only this value has.
    private mutating func change<E: Entity, Failure>(
        _ entity: E.Type, _ body: (inout Table<E>) throws(Failure) -> Void
    ) throws(Failure) {
        var table = table(of: entity)
        tables[E.resource] = nil
        defer { tables[E.resource] = table }
        try body(&table)
    }
}
