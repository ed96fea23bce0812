public import Postgres

/// The question whether migrations are pending, at the cost of one statement for each line: for a service's readiness.
public struct PendingMigrations: Sendable {
    private let lines: [(finished: SQL, files: [MigrationFile])]

    /// - Parameter lines: what the service brings along; the files were read once, when it started.
    /// - Throws: ``MigrationError/Kind/files`` with all that is wrong with any of them.
    public init(among lines: [MigrationLine]) throws(MigrationError) {
        var found: [(SQL, [MigrationFile])] = []
        for line in lines {
            found.append((SQL("SELECT version FROM \(line.table) WHERE state = 'finished'"), try line.folder.valid()))
        }
        self.lines = found
    }

    /// The names of the files that are not applied, or not to their end; all of them if the database was never migrated.
    ///
    /// - Parameter run: runs a statement that reads, on a connection or a pool, with the deadline of its caller.
    public func find(
        _ run: (Statement) async throws(PostgresError) -> PostgresResult
    ) async throws(PostgresError) -> [String] {
        var pending: [String] = []
        for (sql, files) in lines {
            var finished: Set<Int64> = []
            do throws(PostgresError) {
                let result = try await run(Statement(sql))
                finished = Set((0..<result.rows).compactMap { result.int64($0, 0) })
            } catch  where error.sqlState == .undefinedTable {
                // Nothing of this line was ever applied.
            }
            pending += files.filter { !finished.contains(Int64($0.version.number)) }.map(\.title)
        }
        return pending
    }
}
