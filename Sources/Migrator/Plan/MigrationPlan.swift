/// What a command is going to do, or has done.
public struct MigrationPlan: Hashable, Sendable {
    /// In their order. Empty if there is nothing to do.
    public let steps: [MigrationStep]
    /// What is wrong but no reason to stop.
    public let warnings: [MigrationProblem]

    init(_ steps: [MigrationStep], warnings: [MigrationProblem] = []) {
        self.steps = steps
        self.warnings = warnings
    }

    func followed(by other: MigrationPlan) -> MigrationPlan {
        MigrationPlan(steps + other.steps, warnings: warnings + other.warnings)
    }
}

/// One file's part in a plan.
public struct MigrationStep: Hashable, Sendable {
    /// What is done with the file.
    public enum Action: String, Hashable, Sendable {
        case up, down
        /// It is marked as applied and not run.
        case baseline
    }

    /// What is done with it.
    public let action: Action
    /// The migration.
    public let file: MigrationFile

    /// What runs; nil for ``Action/baseline``.
    public var part: MigrationFile.Part? {
        switch action {
        case .up: file.up
        case .down: file.down
        case .baseline: nil
        }
    }
}

extension MigrationPlan {
    /// The SQL of the plan, for `--dry-run`: what runs, with the transactions around it, but not the notes in the
    /// migrator's table.
    public var script: String {
        steps.map(\.script).joined(separator: "\n\n")
    }
}

extension MigrationStep {
    /// The SQL of one step.
    public var script: String {
        guard let part else { return "-- \(file.fileName): marked as applied, not run" }
        let title = "-- \(file.fileName): \(action.rawValue)"
        // Behind the text a comment may still be open to the end of its line.
        let sql = part.sql + (part.sql.hasSuffix(";") ? "" : "\n;")
        return part.isTransactional ? "\(title)\nBEGIN;\n\(sql)\nCOMMIT;" : "\(title), without a transaction\n\(sql)"
    }
}
