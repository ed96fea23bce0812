/// Decides what a command means, from the files and from what was applied. It does nothing.
struct MigrationPlanner {
    /// In the order of their numbers.
    let files: [MigrationFile]
    let history: MigrationHistory
    /// The numbers of files that could not be understood: they are not missing.
    var unreadable: Set<MigrationVersion> = []

    /// - Throws: ``MigrationError/Kind/refused`` with all reasons at once, or ``MigrationError/Kind/usage``.
    func plan(_ command: MigrationCommand) throws(MigrationError) -> MigrationPlan {
        switch command {
        case .up(let to, let outOfOrder, let retry): try up(to: to, outOfOrder: outOfOrder, retry: retry)
        case .down(let steps, let retry): try down(last(steps), retry: retry)
        case .downTo(let version, let retry): try down(applied(after: version), retry: retry)
        case .redo: try redo()
        case .baseline(let version): try baseline(version)
        }
    }

    func file(_ version: MigrationVersion) -> MigrationFile? { files.first { $0.version == version } }

    func row(_ version: MigrationVersion) -> AppliedMigration? { history.applied.first { $0.version == version } }

    func isFinished(_ file: MigrationFile) -> Bool { row(file.version)?.state == .finished }

    /// - Throws: if there is no such migration.
    func checkExists(_ version: MigrationVersion) throws(MigrationError) {
        guard file(version) == nil else { return }
        let known = files.last.map { "the last is \($0.version)" } ?? "the folder has none"
        throw MigrationError(.usage, "there is no migration \(version); \(known)")
    }

    func refuse(_ problems: [MigrationProblem]) throws(MigrationError) {
        guard problems.isEmpty else { throw MigrationError(.refused, problems.map(\.description)) }
    }
}

// MARK: - Forwards

extension MigrationPlanner {
    private func up(to last: MigrationVersion?, outOfOrder: Bool, retry: Bool) throws(MigrationError) -> MigrationPlan {
        if let last { try checkExists(last) }
        let problems = problems
        try refuse(
            problems.filter { problem in
                switch problem {
                case .invalidFile, .edited, .underWay: true
                case .outOfOrder: !outOfOrder
                case .interrupted: !retry
                case .missingFile: false
                }
            })
        let pending = files.filter { !isFinished($0) && $0.version <= last ?? .last }
        let warnings = problems.filter { if case .missingFile = $0 { true } else { false } }
        return MigrationPlan(pending.map { MigrationStep(action: .up, file: $0) }, warnings: warnings)
    }

    private func baseline(_ last: MigrationVersion) throws(MigrationError) -> MigrationPlan {
        try checkExists(last)
        try refuse(
            problems.filter { problem in
                switch problem {
                case .invalidFile, .edited, .missingFile, .underWay: true
                // To mark it as applied is one way to go on.
                case .outOfOrder, .interrupted: false
                }
            })
        let unmarked = files.filter { !isFinished($0) && $0.version <= last }
        return MigrationPlan(unmarked.map { MigrationStep(action: .baseline, file: $0) })
    }
}

// MARK: - Backwards

extension MigrationPlanner {
    private func last(_ steps: Int) throws(MigrationError) -> [AppliedMigration] {
        guard steps > 0 else { throw MigrationError(.usage, "\(steps) steps cannot be taken back; say 1 or more") }
        let applied = history.applied
        guard steps <= applied.count else {
            let reason =
                switch applied.count {
                case 0: "no migration is applied, so there is none to be taken back"
                case 1: "only one migration is applied, so \(steps) cannot be taken back"
                default: "only \(applied.count) migrations are applied, so \(steps) cannot be taken back"
                }
            throw MigrationError(.refused, reason)
        }
        return applied.suffix(steps)
    }

    private func applied(after version: MigrationVersion) throws(MigrationError) -> [AppliedMigration] {
        guard version == .none || row(version) != nil else {
            let known = history.applied.last.map { "the last that is applied is \($0.version)" } ?? "none is"
            throw MigrationError(.usage, "\(version) is not applied, so there is no way back to it; \(known)")
        }
        return history.applied.filter { $0.version > version }
    }

    private func down(_ targets: [AppliedMigration], retry: Bool) throws(MigrationError) -> MigrationPlan {
        try refuse(
            problems.filter { problem in
                switch problem {
                case .invalidFile, .underWay: true
                case .interrupted: !retry
                // An edited file may well be taken back: that is how its author applies it anew.
                case .edited, .missingFile, .outOfOrder: false
                }
            })
        var steps: [MigrationStep] = []
        var reasons: [String] = []
        for target in targets.reversed() {
            switch wayBack(target) {
            case .success(let step): steps.append(step)
            case .failure(let error): reasons += error.sentences
            }
        }
        guard reasons.isEmpty else { throw MigrationError(.refused, reasons) }
        return MigrationPlan(steps)
    }

    private func wayBack(_ applied: AppliedMigration) -> Result<MigrationStep, MigrationError> {
        guard let file = file(applied.version) else {
            return .failure(MigrationError(.refused, MigrationProblem.missingFile(applied).description))
        }
        // The down part of another migration would take back what is not there.
        guard file.name == applied.name || applied.isOf(file) else {
            let problem = MigrationProblem.edited(file, applied, before: before(applied.version))
            return .failure(MigrationError(.refused, problem.description))
        }
        guard file.down != nil else {
            return .failure(
                MigrationError(
                    .refused,
                    "\(file.fileName) has no down part, so it cannot be taken back; write one below `\(Marker.down)`, or "
                        + "undo what it did in a new migration"))
        }
        return .success(MigrationStep(action: .down, file: file))
    }

    private func redo() throws(MigrationError) -> MigrationPlan {
        let back = try down(last(1), retry: false)
        return MigrationPlan(back.steps + back.steps.map { MigrationStep(action: .up, file: $0.file) })
    }
}
