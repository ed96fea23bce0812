internal import Model
internal import Postgres

/// The statements of a resource's table, from its schema. Made once for each worker, and pinned on its connections.
final class TableSQL {
    let schema: Schema
    /// The table's name in SQL.
    let table: String
    /// The names of all columns in SQL, in the order of the schema, and as a list.
    let names: [String]
    let columns: String
    let find: SQL
    /// The rows of the first ids of a list, in any order: those that fill a page, and all of a resource without long columns.
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
    /// The statements of what the rows own, in the order of the schema.
    let owned: [OwnedSQL]
    /// How rows are written as they come.
    let plan: RowPlan

    init(_ schema: Schema) {
        self.schema = schema
        let table = schema.resource.quoted
        let names = schema.columns.map(\.name.quoted)
        let columns = schema.sqlColumns
        let key = schema.keyKind.sqlType
        let fields = names[schema.fields].joined(separator: ", ")
        func parameters(from first: Int) -> String {
            schema.fields.map { "$\($0 - schema.fields.lowerBound + first)" }.joined(separator: ", ")
        }
        let arrays = ([key] + schema.fieldColumns.map(\.kind.sqlType)).arrayParameters

        self.table = table
        self.names = names
        self.columns = columns
        owned = schema.owned.map(OwnedSQL.init)
        plan = RowPlan(schema)
        find = SQL.pinned("SELECT \(columns) FROM \(table) WHERE id = ANY ($1::\(key)[])")
        findFirst =
            PageSQL.bytes(of: schema.columns).map { bytes in
                SQL.pinned(
                    """
                    SELECT \(columns) FROM (SELECT \(columns), \(PageSQL.bytesBefore(1, bytes, order: "\"wanted place\"")) \
                    FROM unnest($1::\(key)[]) WITH ORDINALITY AS "wanted ids" (id, "wanted place") \
                    JOIN \(table) USING (id)) AS rows \
                    WHERE \(PageSQL.isWithinPage)
                    """)
            } ?? find
        lock = SQL.pinned("SELECT \(columns) FROM \(table) WHERE id = ANY ($1::\(key)[]) ORDER BY id\(Self.locked)")
        insert = SQL.pinned("INSERT INTO \(table) (\(fields)) VALUES (\(parameters(from: 1))) RETURNING \(columns)")
        insertWithID = SQL.pinned(
            "INSERT INTO \(table) (id, \(fields)) VALUES ($1, \(parameters(from: 2))) RETURNING \(columns)")
        func update(_ others: String = "") -> String {
            """
            UPDATE \(table) SET (\(fields), version, updated_at) = \
            ROW (\(parameters(from: 2)), version + 1, clock_timestamp())\(others) WHERE id = $1 RETURNING \(columns)
            """
        }
        self.update = SQL.pinned(update())
        updateWithCreation = SQL.unprepared(update(", created_at = now()"))
        delete = SQL.pinned("DELETE FROM \(table) WHERE id = $1")
        insertMissing = SQL.pinned(
            "INSERT INTO \(table) (id, \(fields)) SELECT * FROM unnest(\(arrays)) ON CONFLICT (id) DO NOTHING RETURNING id")
        reserveIDs = SQL.pinned(
            """
            SELECT setval(s.name, $1) FROM (SELECT pg_get_serial_sequence('\(schema.resource)', 'id')::regclass AS name) s \
            WHERE $1 >= coalesce(pg_sequence_last_value(s.name), 0)
            """)
    }

    /// What locks the rows of a select. Rows that refer to them may still be inserted meanwhile: their keys do not change.
    static let locked = " FOR NO KEY UPDATE"

    /// The statements of what the rows own under this declaration.
    func owned(_ rows: OwnedRows) -> OwnedSQL {
        guard let sql = owned.first(where: { $0.rows.table == rows.table }) else {
            preconditionFailure("\(schema.resource) do not own \(rows.table)")
        }
        return sql
    }
}

/// The statements of what a resource's rows own.
struct OwnedSQL {
    let rows: OwnedRows
    /// What these owners own, by owner and position.
    let find: SQL
    /// Inserts or replaces what is another than before, and returns its owners.
    let upsert: SQL

    init(_ rows: OwnedRows) {
        let table = rows.table.quoted
        let (owner, position) = (rows.owner.name.quoted, rows.position.name.quoted)
        let columns = rows.columns.map(\.name.quoted)
        let all = ([owner, position] + columns).joined(separator: ", ")
        func list(_ prefix: String) -> String { columns.map { "\(prefix).\($0)" }.joined(separator: ", ") }
        let changes = columns.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")

        self.rows = rows
        find = SQL.pinned(
            "SELECT \(all) FROM \(table) WHERE \(owner) = ANY ($1::\(rows.owner.kind.sqlType)[]) ORDER BY \(owner), \(position)")
        upsert = SQL.pinned(
            """
            INSERT INTO \(table) AS former (\(all)) SELECT * FROM unnest(\(rows.allColumns.map(\.kind.sqlType).arrayParameters)) \
            ON CONFLICT (\(owner), \(position)) DO UPDATE SET \(changes) \
            WHERE (\(list("former"))) IS DISTINCT FROM (\(list("excluded"))) RETURNING \(owner)
            """)
    }
}

extension [String] {
    /// For types: an array of each, as the parameters from the first on.
    fileprivate var arrayParameters: String { enumerated().map { "$\($0 + 1)::\($1)[]" }.joined(separator: ", ") }
}

extension Kind {
    /// The type of a column.
    var sqlType: String {
        switch self {
        case .bool: "boolean"
        case .integer: "bigint"
        case .text: "text"
        case .money, .moneySum: "numeric"
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

extension ArrayLiteral {
    /// The literal of values.
    static func encode(values: some Sequence<Value>) -> String { encode(values.map(\.sqlText)) }
}

extension Schema {
    /// The names of all columns, as a list.
    var sqlColumns: String { columns.map(\.name.quoted).joined(separator: ", ") }
}

extension String {
    /// A name in SQL. The names come from declarations, not from users.
    var quoted: String { "\"\(self)\"" }
}
