import Model

/// The rows of a store as they should be, in plain lists, and what then has to be read.
struct ExpectedRows {
    private(set) var rows: [Schema: [Row]] = [:]
    private var ownedRows: [String: [OwnedRow]] = [:]

    func rows(of schema: Schema) -> [Row] { rows[schema] ?? [] }

    /// Takes a row as new, or in the place of the one with its id.
    mutating func put(_ row: Row, of schema: Schema) {
        remove(row.id, of: schema)
        rows[schema, default: []].append(row)
    }

    mutating func remove(_ id: Value, of schema: Schema) { rows[schema]?.removeAll { $0.id == id } }

    /// Takes what a row owns as new, or in the place of what has its position.
    mutating func put(_ row: OwnedRow, into owned: OwnedRows) {
        ownedRows[owned.table]?.removeAll { $0.owner == row.owner && $0.position == row.position }
        ownedRows[owned.table, default: []].append(row)
    }

    mutating func removeOwned(_ owned: OwnedRows, by owner: Value) { ownedRows[owned.table]?.removeAll { $0.owner == owner } }

    // MARK: Reads

    func find(_ id: Value, _ projection: Projection, of schema: Schema, _ context: ReadContext) async throws -> Encoded? {
        context.depend(on: schema.tag(of: id))
        guard let row = rows(of: schema).first(where: { $0.id == id }) else { return nil }
        let parts = try await ShownParts(of: projection, schema, rows: 1, from: self, context) { row.values[$1] }
        return Encoded.row(parts: parts) { $0.members(of: row, schema, projection) }
    }

    func page(_ query: Query, _ context: ReadContext) async throws -> Encoded {
        context.depend(on: query.tags)
        let selected = selected(by: query)
        let rest = selected.filter(query.isAfterCursor)
        let parts = try await ShownParts(
            of: query.projection, query.schema, rows: min(rest.count, query.limit), from: self, context
        ) { rest[$0].values[$1] }
        return PageWriter.page(
            of: query, rows: rest.count, parts: parts, count: query.countsExactly ? Int64(selected.count) : nil,
            write: { $1.members(of: rest[$0], query.schema, query.projection) }, cursor: { query.cursor(after: rest[$0]) })
    }

    /// Those that fulfil the filters of a query, in its order, on all pages.
    private func selected(by query: Query) -> [Row] {
        rows(of: query.schema).filter { row in query.filters.allSatisfy { $0.matches(row) } }.sorted(by: query.isOrderedBefore)
    }
}

extension ExpectedRows: SnapshotSource {
    func rows(_ ids: [Value], of schema: Schema) async throws -> [Row] { rows(of: schema).filter { ids.contains($0.id) } }

    func list(_ query: Query) async throws -> [Row] {
        Array(selected(by: query).filter(query.isAfterCursor).prefix(query.limit))
    }

    func count(_ filters: [Query.Filter], of schema: Schema) async throws -> Int64 {
        Int64(selected(by: Query(of: schema, filters: filters)).count)
    }

    func owned(_ rows: OwnedRows, by owners: [Value], of schema: Schema) async throws -> [OwnedRow] {
        (ownedRows[rows.table] ?? []).filter { owners.contains($0.owner) }.sorted {
            $0.owner == $1.owner ? $0.position < $1.position : Value.isOrderedBefore($0.owner, $1.owner)
        }
    }
}
