internal import Model
public import Postgres

extension TableCheck {
    private static let unvalidated: SQL = """
        SELECT w.name, c.conname FROM unnest($1::text[]) AS w (name) \
        JOIN pg_constraint c ON c.conrelid = to_regclass(quote_ident(w.name)) \
        WHERE c.contype = 'c' AND NOT c.convalidated ORDER BY w.name, c.conname
        """

    /// What rows of before a constraint may break (`NOT VALID`), in a sentence for each: such a row can be read, most often, but
    /// each update of it is refused for a value that the client did not send.
    ///
    /// - Parameter run: as for ``problems(_:)``.
    public func doubts(
        _ run: (Statement) async throws(PostgresError) -> PostgresResult
    ) async throws(PostgresError) -> [String] {
        let result = try await run(Statement(Self.unvalidated, [ArrayLiteral.encode(names)]))
        return (0..<result.rows).compactMap { row in
            guard let table = result.string(row, 0), let constraint = result.string(row, 1) else { return nil }
            return "rows of table \(table) may break the constraint \(constraint), and cannot be updated then: "
                + "mend or delete them, and run ALTER TABLE \(table) VALIDATE CONSTRAINT \(constraint)"
        }
    }
}
