internal import Domain

/// A statement that is built from parts, with its parameters.
struct QuerySQL<E: Entity> {
    private var parameters: [String?] = []

    /// The rows of a page as it shows them, and one more if there is a next page.
    ///
    /// Of long rows it has fewer, if these fill a page: one row more than fit, and two at least, so that ``Page`` sees that there
    /// are more.
    static func page(_ query: Query<E>) -> Statement {
        let columns = PageSQL<E>.columns(shownBy: query.projection)
        let list = list(query, columns: columns)
        let shown = E.schema.columns.indices.filter { PageSQL<E>.isShown($0, query.projection) }
        guard let bytes = PageSQL<E>.bytes(of: shown.map { E.schema.columns[$0] }) else { return list }
        let (order, names) = (order(query.sort), E.schema.columns.map(\.name.quoted).joined(separator: ", "))
        return Statement(
            SQL(
                """
                SELECT \(names) FROM (SELECT \(names), \(PageSQL<E>.bytesBefore(2, bytes, order: order)) \
                FROM (\(list.sql)) AS list) AS page WHERE \(PageSQL<E>.isWithinPage) ORDER BY \(order)
                """), list.parameters)
    }

    private static func order(_ sort: [Query<E>.SortKey]) -> String {
        sort.map { "\(name($0.column))\($0.isDescending ? " DESC" : "")" }.joined(separator: ", ")
    }

    /// The rows of a page, and one more if there is a next page.
    static func list(_ query: Query<E>, columns: String) -> Statement {
        var sql = QuerySQL()
        var conditions = query.filters.map { sql.condition($0) }
        if let cursor = query.cursor { conditions.append(sql.after(cursor, query.sort)) }
        let limit = sql.parameter(String(query.limit + 1), "bigint")
        let text =
            "SELECT \(columns) FROM \(E.resource.quoted)\(whereClause(conditions)) ORDER BY \(order(query.sort)) LIMIT \(limit)"
        return Statement(SQL(text), sql.parameters)
    }

    static func count(_ filters: [Query<E>.Filter]) -> Statement {
        var sql = QuerySQL()
        let conditions = filters.map { sql.condition($0) }
        return Statement(SQL("SELECT count(*) FROM \(E.resource.quoted)\(whereClause(conditions))"), sql.parameters)
    }

    private static func whereClause(_ conditions: [String]) -> String {
        conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    }

    private static func name(_ column: Int) -> String { E.schema.columns[column].name.quoted }

    private mutating func parameter(_ text: String?, _ type: String) -> String {
        parameters.append(text)
        return "$\(parameters.count)::\(type)"
    }

    private mutating func parameter(_ value: Value, _ column: Int) -> String {
        parameter(value.sqlText, E.schema.columns[column].kind.sqlType)
    }

    private mutating func condition(_ filter: Query<E>.Filter) -> String {
        let name = Self.name(filter.column)
        switch filter.comparison {
        case .equal: return "\(name) = \(parameter(filter.values[0], filter.column))"
        case .notEqual: return "\(name) <> \(parameter(filter.values[0], filter.column))"
        case .less: return "\(name) < \(parameter(filter.values[0], filter.column))"
        case .lessOrEqual: return "\(name) <= \(parameter(filter.values[0], filter.column))"
        case .greater: return "\(name) > \(parameter(filter.values[0], filter.column))"
        case .greaterOrEqual: return "\(name) >= \(parameter(filter.values[0], filter.column))"
        case .isIn:
            let list = ArrayLiteral.encode(filter.values.map(\.sqlText))
            return "\(name) = ANY (\(parameter(list, E.schema.columns[filter.column].kind.sqlType + "[]")))"
        case .contains: return "strpos(\(name), \(parameter(filter.values[0], filter.column))) > 0"
        case .isNull: return "\(name) IS NULL"
        case .isNotNull: return "\(name) IS NOT NULL"
        }
    }

    /// The rows after a cursor. Null is greater than every value, as PostgreSQL sorts it.
    private mutating func after(_ cursor: Query<E>.Cursor, _ sort: [Query<E>.SortKey]) -> String {
        let hasNulls = sort.contains { E.schema.columns[$0.column].isOptional }
        if !hasNulls, Set(sort.map(\.isDescending)).count == 1 {
            // One comparison of rows, which an index on the same columns answers in one step.
            let names = sort.map { Self.name($0.column) }.joined(separator: ", ")
            let values = zip(sort, cursor.values).map { parameter($1, $0.column) }.joined(separator: ", ")
            return "(\(names)) \(sort[0].isDescending ? "<" : ">") (\(values))"
        }
        // Each key is after its value while all keys before it are equal to theirs.
        var alternatives: [String] = []
        var equal: [String] = []
        for (key, value) in zip(sort, cursor.values) {
            let name = Self.name(key.column)
            let isOptional = E.schema.columns[key.column].isOptional
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
