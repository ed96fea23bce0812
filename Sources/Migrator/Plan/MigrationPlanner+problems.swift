extension MigrationPlanner {
    /// All by which the files and what was applied do not fit together, in the order of their numbers.
    var problems: [MigrationProblem] {
        (history.applied.compactMap(problem) + skipped.map { ($0.0.version, $0.1) })
            .sorted { $0.0 < $1.0 }
            .map(\.1)
    }

    /// What was applied before `version`.
    func before(_ version: MigrationVersion) -> MigrationVersion {
        history.applied.last { $0.version < version }?.version ?? .none
    }

    private func problem(_ row: AppliedMigration) -> (MigrationVersion, MigrationProblem)? {
        guard row.state == .finished else {
            if let process = history.otherRunner { return (row.version, .underWay(row, process: process)) }
            return (row.version, .interrupted(row, invalidIndexes: remains(of: row)))
        }
        guard let file = file(row.version) else {
            return unreadable.contains(row.version) ? nil : (row.version, .missingFile(row))
        }
        return row.isOf(file) ? nil : (row.version, .edited(file, row, before: before(row.version)))
    }

    /// The files that are pending behind one that is applied.
    private var skipped: [(MigrationFile, MigrationProblem)] {
        guard let last = history.applied.last else { return [] }
        let highest = max(last.version, files.last?.version ?? .none)
        return files.filter { $0.version < last.version && row($0.version) == nil }.enumerated().map { index, file in
            let free = MigrationVersion(number: highest.number + 1 + index)
            return (file, .outOfOrder(file, last: last, free: free <= .last ? free : nil))
        }
    }

    /// The invalid indexes that an interrupted migration seems to have left: those that it names, or whose table it names.
    private func remains(of row: AppliedMigration) -> [String] {
        guard let file = file(row.version) else { return [] }
        let sql = (file.up.sql + " " + (file.down?.sql ?? "")).lowercased()
        return history.invalidIndexes.filter { sql.contains(bare($0.index)) || sql.contains(bare($0.table)) }.map(\.index)
    }

    /// A name without its schema and its quotes.
    private func bare(_ name: String) -> String {
        let unquoted = name.filter { $0 != "\"" }.lowercased()
        return String(unquoted.split(separator: ".").last ?? "")
    }
}
