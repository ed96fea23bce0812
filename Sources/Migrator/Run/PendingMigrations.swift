public import PostgresStore

/// The question whether migrations are pending, at the cost of one statement: for a service's readiness.
public struct PendingMigrations: Sendable {
    private static let finished: SQL = "SELECT version FROM larder_migrations WHERE state = 'finished'"

    private let versions: [MigrationVersion]

    /// - Parameter files: what the service brings along; they are read once, when it starts.
    public init(among files: [MigrationFile]) {
        versions = files.map(\.version)
    }

    /// Those that are not applied, or not to their end; all of them if the database was never migrated.
    ///
    /// - Parameter run: runs a statement that reads, on a connection or a pool, with the deadline of its caller.
    public func find(
        _ run: (Statement) async throws(PostgresError) -> PostgresResult
    ) async throws(PostgresError) -> [MigrationVersion] {
        do throws(PostgresError) {
            let result = try await run(Statement(PendingMigrations.finished))
            let finished = Set((0..<result.rows).compactMap { result.int64($0, 0) })
            return versions.filter { !finished.contains(Int64($0.number)) }
        } catch  where error.sqlState == .undefinedTable {
            return versions
        }
    }
}
