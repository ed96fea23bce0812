public import Model
public import Postgres

/// The question whether the tables are as the declarations need them, at the cost of one statement: for a service's readiness.
///
/// It finds what cannot work: tables and columns that are missing, of another type, or that want values which nobody gives. More
/// columns than the declared ones are nobody's concern.
public struct TableCheck: Sendable {
    private struct Wanted: Sendable {
        var column: String
        var kind: Kind
        /// Whether it may be null; nil for one that the store gives.
        var isOptional: Bool?
    }

    /// By the table's name.
    private var tables: [(name: String, columns: [Wanted])] = []

    /// The names of the tables.
    var names: [String] { tables.map(\.name) }

    /// Compares the tables of these resources, and of what their rows own.
    public init(_ schemas: [Schema]) {
        for schema in schemas {
            let columns = schema.columns.map { column in
                // The service makes UUIDs; the database makes the other ids, the times and the version.
                let isGiven = column.isField || column.name == "id" && column.kind == .uuid
                return Wanted(column: column.name, kind: column.kind, isOptional: isGiven ? column.isOptional : nil)
            }
            tables.append((schema.resource, columns))
            for owned in schema.owned {
                tables.append(
                    (
                        owned.table,
                        owned.allColumns.map { Wanted(column: $0.name, kind: $0.kind, isOptional: $0.isOptional) }
                    ))
            }
        }
    }

    private static let look: SQL = """
        SELECT w.name, a.attname, coalesce(b.typname, t.typname), coalesce(b.typcategory, t.typcategory)::text, \
        format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef OR a.attidentity <> '' \
        FROM unnest($1::text[]) AS w (name) \
        JOIN pg_attribute a ON a.attrelid = to_regclass(quote_ident(w.name)) AND a.attnum > 0 AND NOT a.attisdropped \
        JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = t.typbasetype
        """

    /// A column as the database has it.
    private struct Found {
        var type: String
        var category: String
        /// As people write it.
        var typeName: String
        var isNotNull: Bool
        var hasDefault: Bool
    }

    /// What cannot work, in a clause for each: `column slug of table categories is missing`.
    ///
    /// - Parameter run: runs a statement that reads, on a connection or a pool, with the deadline of its caller.
    public func problems(
        _ run: (Statement) async throws(PostgresError) -> PostgresResult
    ) async throws(PostgresError) -> [String] {
        let result = try await run(Statement(Self.look, [ArrayLiteral.encode(names)]))
        var found: [String: [String: Found]] = [:]
        for row in 0..<result.rows {
            guard let table = result.string(row, 0), let column = result.string(row, 1) else { continue }
            found[table, default: [:]][column] = Found(
                type: result.string(row, 2) ?? "", category: result.string(row, 3) ?? "", typeName: result.string(row, 4) ?? "",
                isNotNull: result.bool(row, 5) ?? false, hasDefault: result.bool(row, 6) ?? false)
        }
        return tables.flatMap { table in
            guard let columns = found[table.name] else { return ["table \(table.name) is missing"] }
            let wanted = Set(table.columns.map(\.column))
            let others = columns.filter { !wanted.contains($0.key) && $0.value.isNotNull && !$0.value.hasDefault }.keys.sorted()
            return table.columns.compactMap { column in
                let problem = Self.problem(column, columns[column.column])
                return problem.map { "column \(column.column) of table \(table.name) \($0)" }
            } + others.map { "column \($0) of table \(table.name) must not be null, and no declared field gives it a value" }
        }
    }

    private static func problem(_ wanted: Wanted, _ found: Found?) -> String? {
        guard let found else { return "is missing" }
        if !fits(wanted.kind, found) { return "is of type \(found.typeName), but \(wanted.kind.sqlType) is declared" }
        switch wanted.isOptional {
        case true? where found.isNotNull: return "must not be null, but it is declared that it may be"
        case nil where found.isNotNull && !found.hasDefault: return "has no default, but the database has to give its value"
        default: return nil
        }
    }

    /// Whether values of a kind can be read from a column and written to it.
    private static func fits(_ kind: Kind, _ found: Found) -> Bool {
        switch kind {
        case .bool: found.type == "bool"
        case .integer: ["int2", "int4", "int8"].contains(found.type)
        // Strings of any kind, and enumerations.
        case .text: found.category == "S" || found.category == "E"
        case .money, .moneySum: found.type == "numeric"
        case .day: found.type == "date"
        case .timestamp: found.type == "timestamptz"
        case .uuid: found.type == "uuid"
        }
    }
}
