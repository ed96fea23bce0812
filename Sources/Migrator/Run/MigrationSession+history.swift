internal import Postgres

extension MigrationSession {
    /// The table of a line, made if it is not there.
    func table(of line: MigrationLine) async throws(MigrationError) -> MigrationTable {
        let (home, found) = try await locate(line)
        if let found { return MigrationTable(line, schema: found) }
        guard let home else {
            throw MigrationError(
                .database, "the search path names no schema that exists; create the schema, or change the search path of the role"
            )
        }
        let table = MigrationTable(line, schema: home)
        _ = try await run(table.create)
        return table
    }

    /// What was applied of a line; nothing if there is no table yet.
    func history(of line: MigrationLine) async throws(MigrationError) -> MigrationHistory {
        guard let schema = try await locate(line).found else { return MigrationHistory() }
        let table = MigrationTable(line, schema: schema)
        var history = MigrationHistory(applied: try await applied(table))
        guard history.applied.contains(where: { $0.state != .finished }) else { return history }
        history.otherRunner = try await otherRunner()
        // It may have finished and gone between the two questions.
        if history.otherRunner == nil { history.applied = try await applied(table) }
        history.invalidIndexes = try await invalidIndexes()
        return history
    }

    private func locate(_ line: MigrationLine) async throws(MigrationError) -> (home: String?, found: String?) {
        let result = try await run(Statement(MigrationTable.locate, [line.table]))
        return (result.string(0, 0), result.string(0, 1))
    }

    private func applied(_ table: MigrationTable) async throws(MigrationError) -> [AppliedMigration] {
        let result = try await run(table.select)
        var rows: [AppliedMigration] = []
        for row in 0..<result.rows {
            guard let version = result.int64(row, 0), 1...Int64(MigrationVersion.last.number) ~= version,
                let name = result.string(row, 1), let checksum = result.string(row, 2),
                let state = result.string(row, 3).flatMap(AppliedMigration.State.init), let time = result.string(row, 4)
            else {
                throw MigrationError(
                    .database, "\(table.name) has a row that this release does not understand; use the release that wrote it")
            }
            rows.append(
                AppliedMigration(
                    version: MigrationVersion(number: Int(version)), name: name, checksum: checksum, state: state,
                    appliedAt: time, milliseconds: result.int64(row, 5)))
        }
        return rows
    }

    /// Without those that somebody is building at this moment.
    private func invalidIndexes() async throws(MigrationError) -> [InvalidIndex] {
        let result = try await run(
            """
            SELECT i.indexrelid::regclass, i.indrelid::regclass FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE NOT i.indisvalid AND c.relkind = 'i' AND NOT EXISTS (
                SELECT FROM pg_stat_progress_create_index p
                WHERE p.index_relid = i.indexrelid AND p.datname = current_database())
            ORDER BY 1
            """)
        return (0..<result.rows).map { row in
            InvalidIndex(index: result.string(row, 0) ?? "", table: result.string(row, 1) ?? "")
        }
    }
}
