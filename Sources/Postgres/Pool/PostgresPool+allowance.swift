extension PostgresPool {
    /// How many connections the server lets this role have to this database at all, whoever opens them: `max_connections` less
    /// what is reserved for others, and the limits of the role and the database if they are lower.
    ///
    /// - Parameter deadline: in milliseconds of the loop's clock.
    public func connectionAllowance(deadline: UInt64) async throws(PostgresError) -> Int {
        let result = try await run(Statement(Self.allowance), deadline: deadline, access: .readOnly)
        return Int(result.int64(0, 0) ?? 0)
    }

    // `reserved_connections` came with PostgreSQL 16. -1 is no limit, and least() passes NULL over.
    private static let allowance: SQL = """
        SELECT least(
            current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                - coalesce(current_setting('reserved_connections', true)::int, 0),
            (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user),
            (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database()))::bigint
        """
}
