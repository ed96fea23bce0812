internal import Model
internal import Postgres

/// A statement that is built from parts, with its parameters.
struct QuerySQL {
    private let table: TableSQL
    private var parameters: [String?] = []

    private init(_ table: TableSQL) { self.table = table }

    /// The rows of a page as it shows them, and one more if there is a next page.
    ///
    /// Of long rows it has fewer, if these fill a page: one row more than fit, and two at least, so that ``PageWriter`` is told
    /// that there are more.
    static func page(_ query: Query, _ table: TableSQL) -> Statement {
        let schema = table.schema
        let list = list(query, table, columns: PageSQL.columns(of: table, shownBy: query.projection), limit: query.limit + 1)
        let shown = schema.longColumns.filter { query.projection.shows($0) }.map { schema.columns[$0] }
        guard let bytes = PageSQL.bytes(of: shown) else { return list }
        let order = QuerySQL(table).order(query.sort)
        return Statement(
            SQL(
                """
                SELECT \(table.columns) FROM (SELECT \(table.columns), \(PageSQL.bytesBefore(2, bytes, order: order)) \
                FROM (\(list.sql)) AS list) AS page WHERE \(PageSQL.isWithinPage) ORDER BY \(order)
                """), list.parameters)
    }

    /// The rows of a query in its order, from its cursor on.
    ///
    /// - Parameters:
    ///   - columns: what is read of them, all of it if nothing is named.
    ///   - lock: what stands behind the select.
    static func list(
        _ query: Query, _ table: TableSQL, columns: String? = nil, limit: Int, lock: String = ""
    ) -> Statement {
        var sql = QuerySQL(table)
        var conditions = query.filters.map { sql.condition($0) }
        if let cursor = query.cursor { conditions.append(sql.after(cursor, query.sort)) }
        let text =
            """
            SELECT \(columns ?? table.columns) FROM \(table.table)\(whereClause(conditions)) ORDER BY \(sql.order(query.sort)) \
            LIMIT \(sql.parameter(String(limit), "bigint"))\(lock)
            """
        return Statement(SQL(text), sql.parameters)
    }

    static func count(_ filters: [Query.Filter], _ table: TableSQL) -> Statement {
        var sql = QuerySQL(table)
        let conditions = filters.map { sql.condition($0) }
        return Statement(SQL("SELECT count(*) FROM \(table.table)\(whereClause(conditions))"), sql.parameters)
    }

    private func order(_ sort: [Query.SortKey]) -> String {
        sort.map { $0.isDescending ? name($0.column) + " DESC" : name($0.column) }.joined(separator: ", ")
    }

    private static func whereClause(_ conditions: [String]) -> String {
        conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    }

    private func name(_ column: Int) -> String { table.names[column] }

    private func kind(_ column: Int) -> Kind { table.schema.columns[column].kind }

    private mutating func parameter(_ text: String?, _ type: String) -> String {
        parameters.append(text)
        return "$\(parameters.count)::\(type)"
    }

    private mutating func parameter(_ value: Value, _ column: Int) -> String {
        parameter(value.sqlText, kind(column).sqlType)
    }

    private mutating func condition(_ filter: Query.Filter) -> String {
        filter.comparison.sql(name(filter.column)) {
            guard filter.comparison.operand == .list else { return parameter(filter.values[0], filter.column) }
            return parameter(ArrayLiteral.encode(values: filter.values), kind(filter.column).sqlType + "[]")
        }
    }

    /// The rows after a cursor. Null is greater than every value, as PostgreSQL sorts it.
    private mutating func after(_ cursor: Query.Cursor, _ sort: [Query.SortKey]) -> String {
        let hasNulls = sort.contains { table.schema.columns[$0.column].isOptional }
        if !hasNulls, Set(sort.map(\.isDescending)).count == 1 {
            // One comparison of rows, which an index on the same columns answers in one step.
            let names = sort.map { name($0.column) }.joined(separator: ", ")
            let values = zip(sort, cursor.values).map { parameter($1, $0.column) }.joined(separator: ", ")
            return "(\(names)) \(sort[0].isDescending ? "<" : ">") (\(values))"
        }
        // Each key is after its value while all keys before it are equal to theirs.
        var alternatives: [String] = []
        var equal: [String] = []
        for (key, value) in zip(sort, cursor.values) {
            let name = name(key.column)
            let isOptional = table.schema.columns[key.column].isOptional
            let later: String?
            if value == .null {
                later = key.isDescending ? "\(name) IS NOT NULL" : nil
                alternatives += later.map { [(equal + [$0]).joined(separator: " AND ")] } ?? []
                equal.append("\(name) IS NULL")
            } else {
                let parameter = parameter(value, key.column)
                let beyond = "\(name) \(key.isDescending ? "<" : ">") \(parameter)"
                later = isOptional && !key.isDescending ? "(\(beyond) OR \(name) IS NULL)" : beyond
                alternatives.append((equal + [later!]).joined(separator: " AND "))
                equal.append("\(name) = \(parameter)")
            }
        }
        return "(" + alternatives.map { "(\($0))" }.joined(separator: " OR ") + ")"
    }
}
