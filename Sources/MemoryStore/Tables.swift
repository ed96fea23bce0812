internal import Model

/// All rows at one moment, or as one transaction sees them. Every change leaves the constraints fulfilled, or throws;
/// what it then leaves is to be dropped.
///
/// A value: copies are cheap, and whoever has one sees no change of another.
struct Tables: Sendable {
    private var tables: [String: Table] = [:]
    /// By the names of their tables, with the resource of their owners.
    private var owned: [String: (owner: String, table: OwnedTable)] = [:]
    var answers = KeptAnswers()

    func table(of schema: Schema) -> Table { tables[schema.resource] ?? Table(schema) }

    func row(_ id: Value, of schema: Schema) -> Row? { tables[schema.resource]?[id] }

    /// Inserts a row, or replaces the one with its id.
    mutating func put(_ row: Row, of schema: Schema) throws(DomainError) {
        try change(schema) { table throws(DomainError) in try table.put(row) }
        try check(schema.columns[...], row.values[...])
    }

    /// Replaces rows by their ids, which may exchange what has to be unique.
    mutating func replace(_ rows: [Row], of schema: Schema) throws(DomainError) {
        change(schema) { table in
            for row in rows { table.freeUniqueValues(of: row.id) }
        }
        for row in rows { try put(row, of: schema) }
    }

    /// Removes a row with all that it owns.
    mutating func remove(_ row: Row, of schema: Schema) throws(DomainError) {
        change(schema) { $0.remove(row) }
        for resource in tables.keys.sorted() where tables[resource]!.refers(to: schema.resource, row.id) {
            throw .stillReferenced(by: resource)
        }
        for rows in schema.owned { owned[rows.table]?.table.removeAll(of: row.id) }
        for (owner, table) in owned.values where table.refer(to: schema.resource, row.id) {
            throw .stillReferenced(by: owner)
        }
    }

    // MARK: Owned rows

    /// What rows own, by owner and position.
    func owned(_ rows: OwnedRows, by owners: [Value]) -> [OwnedRow] {
        guard let table = owned[rows.table]?.table else { return [] }
        return owners.sorted(by: Value.isOrderedBefore).flatMap { table.of($0) }
    }

    /// Inserts a row, or replaces the one with its position.
    ///
    /// - Returns: whether it is new, or another one than before.
    mutating func put(_ row: OwnedRow, into rows: OwnedRows, of schema: Schema) throws(DomainError) -> Bool {
        try check(rows.allColumns[...], row.allValues[...])
        // Taken out meanwhile, because a second reference would make the change copy it.
        var entry = owned.removeValue(forKey: rows.table) ?? (schema.resource, OwnedTable(rows))
        defer { owned[rows.table] = entry }
        return entry.table.put(row)
    }

    /// Checks that the rows exist that values name.
    private func check(_ columns: ArraySlice<Column>, _ values: ArraySlice<Value>) throws(DomainError) {
        for (column, value) in zip(columns, values) {
            guard let resource = column.rules.references, value != .null else { continue }
            guard tables[resource]?[value] != nil else { throw .missingReference(field: column.name, resource: resource) }
        }
    }

    /// Changes a table in its place: it is taken out meanwhile, because a second reference to it would make each change
    /// copy what only this value has.
    private mutating func change<Failure>(
        _ schema: Schema, _ body: (inout Table) throws(Failure) -> Void
    ) throws(Failure) {
        var table = tables.removeValue(forKey: schema.resource) ?? Table(schema)
        defer { tables[schema.resource] = table }
        try body(&table)
    }
}

extension Tables: SnapshotSource {
    func rows(_ ids: [Value], of schema: Schema) -> [Row] {
        let table = table(of: schema)
        return ids.compactMap { table[$0] }
    }

    func list(_ query: Query) -> [Row] { Array(table(of: query.schema).list(query, atMost: query.limit)) }

    func count(_ filters: [Query.Filter], of schema: Schema) -> Int64 { table(of: schema).count(filters) }

    func owned(_ rows: OwnedRows, by owners: [Value], of schema: Schema) -> [OwnedRow] { owned(rows, by: owners) }
}
