internal import Bytes
public import Model
public import Postgres

/// Triggers that publish what others than the service write, by notifications which the members of the cache hear
/// (docs/freshness.md). They follow from the declarations.
///
/// What the service writes itself it announces: its transactions say so, and the triggers pass them by.
public struct ChangeTriggers: Sendable {
    private let tables: [ChangeTrigger]

    /// Those of the tables of these resources, and of what their rows own.
    public init(_ schemas: [Schema]) {
        tables = schemas.flatMap { schema in
            [ChangeTrigger(schema)] + schema.owned.map { ChangeTrigger($0, ownedBy: schema) }
        }
    }

    /// What could not be installed, in a sentence for each table.
    public struct Refusal: Sendable {
        /// For people, with what to do.
        public let sentence: String
    }

    /// The state of a table's triggers.
    private struct Found {
        var digest: String?
        /// How many are there and enabled.
        var triggers: Int
    }

    /// The tables whose triggers are missing, outdated or disabled. A table that is missing itself is none of them.
    ///
    /// - Parameter run: runs a statement that reads.
    public func missing(
        _ run: (Statement) async throws(PostgresError) -> PostgresResult
    ) async throws(PostgresError) -> [String] {
        let found = try await find(run)
        return tables.compactMap { table in
            guard let found = found[table.name] else { return nil }
            return found.digest == table.digest && found.triggers == ChangeTrigger.count ? nil : table.name
        }
    }

    /// One sentence for each table that ``missing(_:)`` names.
    public func doubts(
        _ run: (Statement) async throws(PostgresError) -> PostgresResult
    ) async throws(PostgresError) -> [String] {
        try await missing(run).map {
            "table \($0) has no trigger of this version that publishes what others write to it, which is cached as it was until its "
                + "entries expire: run larder migrate up"
        }
    }

    /// Installs what is missing or outdated, each table's in a transaction of its own.
    ///
    /// - Parameter connection: of a role that may create triggers on the tables and functions in their schema.
    /// - Returns: for whom it installed them, and why not for others.
    public func install(
        on connection: PostgresConnection, deadline: UInt64
    ) async throws(PostgresError) -> (installed: [String], refusals: [Refusal]) {
        let missing = try await missing { statement throws(PostgresError) in
            try await connection.run(statement, deadline: deadline, access: .readOnly)
        }
        guard !missing.isEmpty else { return ([], []) }
        var installed: [String] = []
        var refusals: [Refusal] = []
        for table in tables where missing.contains(table.name) {
            do throws(PostgresError) {
                _ = try await connection.simpleQuery(ChangeTrigger.publisher + table.sql, deadline: deadline)
                installed.append(table.name)
            } catch {
                guard error.kind == .server else { throw error }
                _ = try await connection.simpleQuery("ROLLBACK", deadline: deadline)
                refusals.append(
                    Refusal(
                        sentence:
                            "No trigger can be created on table \(table.name) (\(error.message)): what others write to it is "
                            + "cached as it was until its entries expire. Grant the role TRIGGER on it and CREATE on its schema.")
                )
            }
        }
        return (installed, refusals)
    }

    private static let look = SQL.pinned(
        """
        SELECT w.name, d.description, (SELECT count(*) FROM pg_trigger t \
        WHERE t.tgrelid = to_regclass(quote_ident(w.name)) AND t.tgname LIKE 'larder\\_changed\\_%' AND t.tgenabled IN ('A', 'O')) \
        FROM unnest($1::text[]) AS w (name) JOIN pg_class c ON c.oid = to_regclass(quote_ident(w.name)) \
        LEFT JOIN pg_proc p ON p.proname = left('larder_changed_' || w.name, 63) AND p.pronamespace = c.relnamespace \
        LEFT JOIN pg_description d ON d.objoid = p.oid AND d.classoid = 'pg_proc'::regclass
        """)

    private func find(
        _ run: (Statement) async throws(PostgresError) -> PostgresResult
    ) async throws(PostgresError) -> [String: Found] {
        let result = try await run(Statement(Self.look, [ArrayLiteral.encode(tables.map(\.name))]))
        var found: [String: Found] = [:]
        for row in 0..<result.rows {
            guard let name = result.string(row, 0) else { continue }
            found[name] = Found(digest: result.string(row, 1), triggers: Int(result.int64(row, 2) ?? 0))
        }
        return found
    }
}
