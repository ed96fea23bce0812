internal import Model

/// What rows of a file become: a resource's rows, or what such rows own.
struct ImportTarget {
    /// By which it is named: the table.
    let name: String
    /// What each row has beside its id.
    let columns: [Column]
    /// Of what kind the ids are; nil for what has none.
    let idKind: Kind?
    /// Computes what follows from others; for a file without columns for it.
    let derive: ([Value]) -> [Value]
    /// Writes rows as one unit of work.
    let write: (UnitOfWork, [ImportRow]) async throws -> Void

    /// The positions of the columns of which no two rows have the same.
    var unique: [Int] { columns.indices.filter { columns[$0].rules.isUnique } }
}

extension ImportTarget {
    /// A resource's rows.
    init(_ schema: Schema) {
        name = schema.resource
        columns = Array(schema.fieldColumns)
        idKind = schema.keyKind
        derive = schema.derived
        write = { unit, rows in
            // All have an id, or none has.
            guard rows.contains(where: { $0.id != .null }) else {
                for row in rows { _ = try await unit.insert(row.values, into: schema, derives: false) }
                return
            }
            try await unit.upsert(rows.map { ($0.id, $0.values) }, into: schema)
        }
    }

    /// What rows own.
    init(_ owned: OwnedRows, of owner: Schema) {
        name = owned.table
        columns = owned.allColumns
        idKind = nil
        derive = { $0 }
        write = { unit, rows in
            try await unit.upsert(rows.map { OwnedRow(allValues: $0.values) }, into: owned, of: owner)
        }
    }
}
