/// Migrations that follow on each other, with the table that remembers which of them were applied to a database.
///
/// A database has two of them: the one of the domain, from a folder, and the one of the service's own tables, which it brings along.
public struct MigrationLine: Sendable {
    let folder: MigrationFolder
    /// The table, without its schema.
    let table: String

    private init(_ folder: MigrationFolder, table: String) {
        self.folder = folder
        self.table = table
    }

    /// The migrations of the domain.
    public static func domain(_ folder: MigrationFolder) -> MigrationLine { MigrationLine(folder, table: "larder_migrations") }

    /// Those of the service's own tables.
    ///
    /// - Parameter files: by name, `NNNN_name.sql`; what they hold is the program's own, and so is a mistake in it.
    public static func own(_ files: [(name: String, sql: String)]) -> MigrationLine {
        let folder = MigrationFolder(files.map { ($0.name, Array($0.sql.utf8)) }, of: "larder/")
        precondition(folder.problems.isEmpty, "\(folder.problems)")
        return MigrationLine(folder, table: "larder_own_migrations")
    }
}
