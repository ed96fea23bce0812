internal import Model
internal import Postgres

/// Writes rows as a projection shows them, from a result to JSON, without making values of their cells.
struct RowWriter {
    private let plan: RowPlan
    private let projection: Projection

    init(_ plan: RowPlan, _ projection: Projection) {
        self.plan = plan
        self.projection = projection
    }

    /// Writes the members of a row.
    ///
    /// - Parameter result: its columns are those of the schema.
    /// - Throws: if a cell holds what its declaration does not allow, be it shown or not.
    func write(_ result: PostgresResult, _ row: Int, to json: inout JSONWriter) throws(UnreadableRow) {
        let unreadable = plan.keys.withUnsafeBytes { keys -> Int? in
            for position in plan.cells.indices {
                let isReadable: Bool
                if projection.shows(position) {
                    json.key(encoded: UnsafeRawBufferPointer(rebasing: keys[plan.cells[position].key]))
                    let isWritten = result.withBytes(row, position) { plan.write($0, of: position, to: &json) }
                    isReadable = isWritten ?? plan.write(nil, of: position, to: &json)
                } else {
                    isReadable = result.withBytes(row, position) { plan.reads($0, of: position) } ?? plan.reads(nil, of: position)
                }
                if !isReadable { return position }
            }
            return nil
        }
        guard let unreadable else { return }
        throw UnreadableRow(
            resource: plan.schema.resource, id: result.value(row, 0, plan.schema.keyKind)?.text,
            field: plan.schema.columns[unreadable].name)
    }

    /// The values of the keys by which a row is sorted.
    func cursor(_ result: PostgresResult, _ row: Int, _ query: Query) -> Query.Cursor {
        Query.Cursor(values: query.sort.map { value(result, row, $0.column) })
    }

    /// The value of a cell; null for one that cannot be read, of which ``write(_:_:to:)`` tells.
    func value(_ result: PostgresResult, _ row: Int, _ column: Int) -> Value {
        result.value(row, column, plan.schema.columns[column].kind) ?? .null
    }
}
