import Model

extension StoreContract {
    /// What units of work and readers know of one another.
    static var isolationRules: [(String, Rule)] {
        [
            ("Nobody else sees what a unit wrote before its end", hide),
            ("A unit is known to be finished after its end, and not before", finish),
            ("Units that change one row at the same time lose no change", lock),
            ("A write touches a tag of each read that it changes", touch),
        ]
    }

    @Sendable private static func hide(_ trial: Trial) async throws {
        for schema in trial.schemas {
            let row = try await trial.insert(schema)
            let (new, changed) = (try await trial.newFields(of: schema), try await trial.newFields(of: schema))
            let written = try await trial.write { unit in
                let inserted = try await unit.insert(new, into: schema)
                let updated = try await unit.update(unit.find([row.id], of: schema).map { ($0, changed) }, of: schema)
                try await trial.agree(.row(inserted.id, schema))
                try await trial.agreeOnAllRows()
                return [inserted] + updated
            }
            for row in written { trial.expected.put(row, of: schema) }
            try await trial.agreeOnAllRows()
        }
    }

    /// By this a cache knows what a read has seen.
    @Sendable private static func finish(_ trial: Trial) async throws {
        guard let schema = trial.schemas.first else { return }
        let fields = try await trial.newFields(of: schema)
        let id = try await trial.write { unit in
            _ = try await unit.insert(fields, into: schema)
            let id = try await unit.identify()
            let evidence = try await trial.store.evidence(deadline: trial.deadline)
            try expect(evidence.snapshot.hasFinished(id), false, "whether a unit is finished before its end")
            try expect(evidence.writers?.contains(id), true, "whether a unit is among those that write")
            return id
        }
        let evidence = try await trial.store.evidence(deadline: trial.deadline)
        try expect(evidence.snapshot.hasFinished(id), true, "whether a unit is finished after its end")
    }

    @Sendable private static func lock(_ trial: Trial) async throws {
        for schema in trial.schemas {
            let row = try await trial.insert(schema)
            var changes: [[Value]] = []
            for _ in 0..<4 { changes.append(try await trial.newFields(of: schema)) }
            try await trial.concurrently(changes) { fields in
                let (found, changed) = try await trial.write { unit in
                    let found = try await unit.find([row.id], of: schema)
                    await trial.pause()
                    return (found, try await unit.update(found.map { ($0, fields) }, of: schema))
                }
                let expected = found.map { $0.version + (Array($0.fields) == fields ? 0 : 1) }
                try expect(changed.map(\.version), expected, "the version of a row of \(schema.resource) that several change")
            }
            for row in try await trial.write({ try await $0.find([row.id], of: schema) }) { trial.expected.put(row, of: schema) }
        }
        try await trial.agreeOnAllRows()
    }

    @Sendable private static func touch(_ trial: Trial) async throws {
        try await trial.fill(2)
        for schema in trial.schemas {
            let new = try await trial.newFields(of: schema)
            var row = trial.expected.rows(of: schema)[0]
            try await expectTouch("a new row of \(schema.resource)", trial) { unit in
                row = try await unit.insert(new, into: schema)
            }
            trial.expected.put(row, of: schema)
            let changed = try await trial.newFields(of: schema)
            try await expectTouch("a change of \(schema.resource)", trial) { unit in
                _ = try await unit.update(unit.find([row.id], of: schema).map { ($0, changed) }, of: schema)
            }
            for owned in schema.owned {
                let part = try await trial.newOwned(owned, by: row.id, at: 7, of: schema)
                try await expectTouch("a change of \(owned.name)", trial) { try await $0.upsert([part], into: owned, of: schema) }
            }
            try await expectTouch("the deletion of \(schema.resource)", trial) { unit in
                for found in try await unit.find([row.id], of: schema) { try await unit.delete(found, of: schema) }
            }
            trial.expected.remove(row.id, of: schema)
        }
    }

    /// Writes, and expects that each read which has another answer then depended on a tag that was touched.
    private static func expectTouch(
        _ what: String, _ trial: Trial, _ body: (UnitOfWork) async throws -> Void
    ) async throws {
        let reads = reads(of: trial)
        var before: [Reading] = []
        for read in reads { before.append(try await trial.reading(read)) }
        let touched = try await trial.write { unit in
            try await body(unit)
            return unit.touched
        }
        for (read, old) in zip(reads, before) where try await trial.reading(read).text != old.text {
            guard touched.isDisjoint(with: old.tags) else { continue }
            throw Violation(
                description: "\(what) changed \(read), which depends on \(old.tags.names), and touched \(touched.names)")
        }
    }

    /// Reads of all kinds that show any of the rows.
    private static func reads(of trial: Trial) -> [Read] {
        trial.schemas.flatMap { schema -> [Read] in
            let rows = trial.expected.rows(of: schema)
            let parts = Projection(parts: Array(schema.parts.indices))
            var lists = [Query(of: schema)]
            for column in schema.references {
                for value in Set(rows.map { $0.values[column] }).subtracting([.null]) {
                    lists.append(Query(of: schema, filters: [Query.Filter(column, .equal, [value])]))
                }
            }
            let views = trial.declarations.views(of: schema)
            return rows.map { .row($0.id, schema, parts) } + lists.map { .list($0) } + lists.map { .count($0.filters, schema) }
                + rows.flatMap { row in views.map { .view($0, row.id) } }
        }
    }
}
