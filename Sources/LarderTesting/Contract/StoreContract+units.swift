import Model

extension StoreContract {
    /// What holds of units of work.
    static var unitRules: [(String, Rule)] {
        [
            ("A unit that fails leaves nothing", rollBack),
            ("A unit sees what it wrote", seeOwnWrites),
            ("A unit with a key has its effect once", useKeyOnce),
            ("A write touches a tag of each read that it changes", touch),
        ]
    }

    private struct Failure: Error {}

    @Sendable private static func rollBack(_ trial: Trial) async throws {
        try await trial.fill(1)
        for schema in trial.schemas {
            let row = try await trial.insert(schema)
            let (new, changed) = (try await trial.newFields(of: schema), try await trial.newFields(of: schema))
            do {
                try await trial.write { unit in
                    _ = try await unit.insert(new, into: schema)
                    _ = try await unit.update(unit.find([row.id], of: schema).map { ($0, changed) }, of: schema)
                    throw Failure()
                }
                throw Violation(description: "a unit that throws is committed")
            } catch is Failure {}
        }
        try await trial.agreeOnAllRows()
    }

    @Sendable private static func seeOwnWrites(_ trial: Trial) async throws {
        for schema in trial.schemas {
            let deleted = try await trial.insert(schema)
            let fields = try await trial.newFields(of: schema)
            let all = Query(of: schema, limit: Query.maximumLimit)
            let before = trial.expected.rows(of: schema).map(\.id)
            let (row, seen) = try await trial.write { unit in
                for found in try await unit.find([deleted.id], of: schema) { try await unit.delete(found, of: schema) }
                return (try await unit.insert(fields, into: schema), try await unit.list(all).map(\.id))
            }
            trial.expected.remove(deleted.id, of: schema)
            trial.expected.put(row, of: schema)
            let expected = try await trial.expected.list(all).map(\.id)
            try expect(seen, expected, "the rows of \(schema.resource) within a unit, of \(before)")
        }
        try await trial.agreeOnAllRows()
    }

    @Sendable private static func useKeyOnce(_ trial: Trial) async throws {
        guard let schema = trial.schemas.first else { return }
        let key = IdempotencyKey(name: "a key", request: "a request", lifetime: 3_600)
        let answer = KeptAnswer(request: key.request, status: 201, fields: "Location: /v1/x/1\r\n", body: "{}")
        let fields = try await trial.newFields(of: schema)
        for isReplayed in [false, true] {
            let (row, outcome) = try await trial.write { unit in
                var row: Row?
                let outcome = try await unit.once(key) {
                    row = try await unit.insert(fields, into: schema)
                    return answer
                }
                return (row, outcome)
            }
            if let row { trial.expected.put(row, of: schema) }
            try expect(outcome.answer, answer, "the answer that is kept")
            try expect(outcome.isReplayed, isReplayed, "whether it was kept before")
            try await trial.agreeOnAllRows()
        }
        let other = IdempotencyKey(name: key.name, request: "another request", lifetime: key.lifetime)
        try await trial.write(fails: .keyReused, "a key with another request") { unit in _ = try await unit.once(other) { answer }
        }
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
            return Set(unit.touched.map(\.name))
        }
        for (read, old) in zip(reads, before) where try await trial.reading(read).text != old.text {
            guard touched.isDisjoint(with: old.tags) else { continue }
            throw Violation(
                description: "\(what) changed \(read), which depends on \(old.tags), and touched \(touched.sorted())")
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
