internal import Domain

/// The statements of an entity, from its declaration. Made once for each worker, and pinned on its connections.
struct EntitySQL<E: Entity> {
    /// All columns, in the order of the schema.
    let columns: String
    let find: SQL
    /// The rows of the first ids of a list, in any order: those that fill a page, and all of an entity without long columns.
    let findFirst: SQL
    let lock: SQL
    let insert: SQL
    let insertWithID: SQL
    let update: SQL
    /// The same for a row whose time of creation cannot be read.
    let updateWithCreation: SQL
    let delete: SQL
    let insertMissing: SQL
    /// Moves the sequence of ids beyond those that were given by hand.
    let reserveIDs: SQL

    init() {
        let table = E.resource.quoted
        let columns = E.schema.columns.map(\.name.quoted).joined(separator: ", ")
        let fields = E.fields.map(\.name.quoted)
        let key = E.Key.kind.sqlType
        let names = fields.joined(separator: ", ")
        func parameters(from first: Int) -> String {
            E.fields.indices.map { "$\($0 + first)" }.joined(separator: ", ")
        }
        let arrays = ([key] + E.fields.map(\.kind.sqlType)).enumerated().map { "$\($0 + 1)::\($1)[]" }.joined(separator: ", ")

        self.columns = columns
        find = SQL.pinned("SELECT \(columns) FROM \(table) WHERE id = ANY ($1::\(key)[])")
        findFirst =
            PageSQL<E>.bytes(of: E.schema.columns).map { bytes in
                SQL.pinned(
                    """
                    SELECT \(columns) FROM (SELECT \(columns), \(PageSQL<E>.bytesBefore(1, bytes, order: "place")) \
                    FROM unnest($1::\(key)[]) WITH ORDINALITY AS wanted (id, place) JOIN \(table) USING (id)) AS rows \
                    WHERE \(PageSQL<E>.isWithinPage)
                    """)
            } ?? find
        // Rows that refer to this one may still be inserted meanwhile: its key does not change.
        lock = SQL.pinned("SELECT \(columns) FROM \(table) WHERE id = ANY ($1::\(key)[]) ORDER BY id FOR NO KEY UPDATE")
        insert = SQL.pinned("INSERT INTO \(table) (\(names)) VALUES (\(parameters(from: 1))) RETURNING \(columns)")
        insertWithID = SQL.pinned("INSERT INTO \(table) (id, \(names)) VALUES ($1, \(parameters(from: 2))) RETURNING \(columns)")
        func update(_ others: String = "") -> String {
            """
            UPDATE \(table) SET (\(names), version, updated_at) = \
            ROW (\(parameters(from: 2)), version + 1, clock_timestamp())\(others) WHERE id = $1 RETURNING \(columns)
            """
        }
        self.update = SQL.pinned(update())
        updateWithCreation = SQL.unprepared(update(", created_at = now()"))
        delete = SQL.pinned("DELETE FROM \(table) WHERE id = $1")
        insertMissing = SQL.pinned(
            """
            INSERT INTO \(table) (id, \(names)) SELECT * FROM unnest(\(arrays)) ON CONFLICT (id) DO NOTHING RETURNING id
            """)
        reserveIDs = SQL.pinned(
            """
            SELECT setval(s.name, $1) FROM (SELECT pg_get_serial_sequence('\(E.resource)', 'id')::regclass AS name) s \
            WHERE $1 >= coalesce(pg_sequence_last_value(s.name), 0)
            """)
    }

    /// The parameters of an insert.
    func values(of value: E) -> [String?] { E.fields.map { $0.value(of: value).sqlText } }

    /// A row of a result whose columns are ``columns``.
    func row(_ result: PostgresResult, _ index: Int) throws(UnreadableRow) -> Stored<E> {
        try rowToReplace(result, index).readable.get()
    }

    /// The same, with what its columns hold that their declarations do not allow.
    func rowToReplace(_ result: PostgresResult, _ index: Int) -> Stored<E> {
        var row = Stored<E>()
        for (position, column) in E.schema.columns.enumerated() {
            if let value = result.value(index, position, column.kind), column.assign(value, to: &row) { continue }
            row.unreadable.append(column.name)
        }
        return row
    }

    func rows(_ result: PostgresResult) throws(UnreadableRow) -> [Stored<E>] {
        var rows: [Stored<E>] = []
        rows.reserveCapacity(result.rows)
        for index in 0..<result.rows { rows.append(try row(result, index)) }
        return rows
    }

    /// The ids in the first column of a result.
    func ids(_ result: PostgresResult) throws(UnreadableRow) -> [ID<E>] {
        var ids: [ID<E>] = []
        ids.reserveCapacity(result.rows)
        for index in 0..<result.rows {
            guard let value = result.value(index, 0, E.Key.kind), let id = ID<E>(value) else {
                throw UnreadableRow(resource: E.resource, field: "id")
            }
            ids.append(id)
        }
        return ids
    }
}

/// A column of the service's own tables holds what it never writes: the table is not the one that the migrations make.
struct UnexpectedRow: Error, CustomStringConvertible {
    let table: String
    let column: String

    var description: String { "column \(column) of table \(table) holds a value that its declaration does not allow" }
}

extension Kind {
    /// The type of a column.
    var sqlType: String {
        switch self {
        case .bool: "boolean"
        case .integer: "bigint"
        case .text: "text"
        case .money: "numeric"
        case .day: "date"
        case .timestamp: "timestamptz"
        case .uuid: "uuid"
        }
    }
}

extension Value {
    /// Its form as a parameter of a statement; nil is NULL.
    var sqlText: String? { text }
}

extension PostgresResult {
    /// The value of a column; nil if it is not of this kind.
    func value(_ row: Int, _ column: Int, _ kind: Kind) -> Value? {
        switch kind {
        case .integer: if let value = int64(row, column) { return .integer(value) }
        case .bool: if let value = bool(row, column) { return .bool(value) }
        default: if let text = string(row, column) { return kind == .text ? .text(text) : kind.value(from: text) }
        }
        return isNull(row, column) ? .null : nil
    }

    /// A value of a statement on `table`, as `read` understands its text; nil for NULL.
    ///
    /// - Throws: if `read` does not understand it. No other value is put in its place.
    func optional<Value>(
        _ row: Int, _ column: Int, of table: String, _ read: (String) -> Value?
    ) throws(UnreadableRow) -> Value? {
        guard let text = string(row, column) else { return nil }
        guard let value = read(text) else { throw UnreadableRow(resource: table, field: columnName(column)) }
        return value
    }

    /// The same where NULL cannot be.
    func required<Value>(
        _ row: Int, _ column: Int, of table: String, _ read: (String) -> Value?
    ) throws(UnreadableRow) -> Value {
        guard let value = try optional(row, column, of: table, read) else {
            throw UnreadableRow(resource: table, field: columnName(column))
        }
        return value
    }
}

extension String {
    /// A name in SQL. The names come from declarations, not from users.
    var quoted: String { "\"\(self)\"" }
}
