internal import Model
internal import Postgres

// Rows as values, for who decides something by them. Who shows rows has a RowWriter.
extension PostgresResult {
    /// A row of a result that has the columns of the schema.
    func row(_ index: Int, of schema: Schema) throws(UnreadableRow) -> Row {
        try rowToReplace(index, of: schema).readable(as: schema).get()
    }

    /// The same, with the positions of what its declaration does not allow.
    func rowToReplace(_ index: Int, of schema: Schema) -> Row {
        var row = Row([])
        row.values.reserveCapacity(schema.columns.count)
        for (position, column) in schema.columns.enumerated() {
            let value = value(index, position, of: column)
            if value == nil { row.unreadable.append(position) }
            row.values.append(value ?? column.blank)
        }
        return row
    }

    func rows(of schema: Schema) throws(UnreadableRow) -> [Row] {
        var rows: [Row] = []
        rows.reserveCapacity(self.rows)
        for index in 0..<self.rows { rows.append(try row(index, of: schema)) }
        return rows
    }

    func rowsToReplace(of schema: Schema) -> [Row] { (0..<rows).map { rowToReplace($0, of: schema) } }

    /// The ids of rows, in the first column.
    func ids(of schema: Schema) throws(UnreadableRow) -> [Value] {
        try firstColumn(schema.columns[0], of: schema.resource)
    }

    /// What rows own, from a result that has all columns of its table.
    func owned(_ owned: OwnedRows) throws(UnreadableRow) -> [OwnedRow] {
        let columns = owned.allColumns
        var rows: [OwnedRow] = []
        rows.reserveCapacity(self.rows)
        for index in 0..<self.rows {
            var values: [Value] = []
            values.reserveCapacity(columns.count)
            for (position, column) in columns.enumerated() {
                values.append(try required(index, position, column, of: owned.table))
            }
            rows.append(OwnedRow(allValues: values))
        }
        return rows
    }

    /// The owners of what rows own, in the first column.
    func owners(_ owned: OwnedRows) throws(UnreadableRow) -> Set<Value> {
        Set(try firstColumn(owned.owner, of: owned.table))
    }

    /// What a statement counted that counts the rows of a resource.
    func count(of schema: Schema) throws(UnreadableRow) -> Int64 {
        guard let count = int64(0, 0) else { throw UnreadableRow(resource: schema.resource, field: columnName(0)) }
        return count
    }
}

extension PostgresResult {
    /// What a cell holds; nil if it is not of this kind.
    func value(_ row: Int, _ column: Int, _ kind: Kind) -> Value? {
        switch kind {
        case .integer: if let value = int64(row, column) { return .integer(value) }
        case .bool: if let value = bool(row, column) { return .bool(value) }
        default: if let text = string(row, column) { return kind == .text ? .text(text) : kind.value(from: text) }
        }
        return isNull(row, column) ? .null : nil
    }

    /// The same; nil if the declaration does not allow it.
    fileprivate func value(_ row: Int, _ position: Int, of column: Column) -> Value? {
        guard let value = value(row, position, column.kind), column.fits(value) else { return nil }
        return value
    }

    /// The same, or an error that names the table.
    private func required(_ row: Int, _ position: Int, _ column: Column, of table: String) throws(UnreadableRow) -> Value {
        guard let value = value(row, position, of: column) else { throw UnreadableRow(resource: table, field: column.name) }
        return value
    }

    private func firstColumn(_ column: Column, of table: String) throws(UnreadableRow) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(rows)
        for row in 0..<rows { values.append(try required(row, 0, column, of: table)) }
        return values
    }
}

/// A column of the service's own tables holds what it never writes: the table is not the one that the migrations make.
struct UnexpectedRow: Error, CustomStringConvertible {
    let table: String
    let column: String

    var description: String { "column \(column) of table \(table) holds a value that its declaration does not allow" }
}
