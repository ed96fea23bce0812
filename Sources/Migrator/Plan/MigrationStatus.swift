/// One line of `larder migrate status`.
public struct MigrationStatus: Hashable, Sendable {
    /// How file and database stand to each other. The raw values are for programs and stay as they are.
    public enum State: String, Hashable, Sendable, CaseIterable {
        case applied
        case pending
        /// Pending, with one of a higher number applied.
        case outOfOrder = "out-of-order"
        /// Applied, and changed since then.
        case edited
        /// Applied, and its file is not there.
        case missing
        /// Begun without a transaction, and not finished.
        case interrupted
        /// Another runner works on it.
        case underWay = "under-way"
    }

    /// The number of the migration.
    public let version: MigrationVersion
    /// What its file's name says behind the number.
    public let name: String
    /// The name of its file, be it there or not.
    public let fileName: String
    /// How its file and the database stand to each other.
    public let state: State
    /// When it was applied or begun: RFC 3339, UTC; nil if it was not.
    public let appliedAt: String?
    /// How long it took; nil if it was not run to its end.
    public let milliseconds: Int64?

    /// Whether something is left to be done: it is not applied, or not as a whole.
    public var isPending: Bool {
        switch state {
        case .pending, .outOfOrder, .interrupted, .underWay: true
        case .applied, .edited, .missing: false
        }
    }
}

extension MigrationPlanner {
    /// Each migration of which there is a file or a row, in the order of their numbers.
    var statuses: [MigrationStatus] {
        Set(files.map(\.version) + history.applied.map(\.version)).sorted().map { version in
            let file = file(version)
            let row = row(version)
            return MigrationStatus(
                version: version, name: file?.name ?? row?.name ?? "", fileName: file?.fileName ?? row?.fileName ?? "",
                state: state(file, row), appliedAt: row?.appliedAt, milliseconds: row?.milliseconds)
        }
    }

    private func state(_ file: MigrationFile?, _ row: AppliedMigration?) -> MigrationStatus.State {
        guard let row else {
            let isBehind = history.applied.last.map { last in file.map { $0.version < last.version } ?? false } ?? false
            return isBehind ? .outOfOrder : .pending
        }
        guard row.state == .finished else { return history.otherRunner == nil ? .interrupted : .underWay }
        guard let file else { return .missing }
        return row.isOf(file) ? .applied : .edited
    }
}
