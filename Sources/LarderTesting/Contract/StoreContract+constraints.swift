import Model

extension StoreContract {
    /// What no row can be.
    static var constraintRules: [(String, Rule)] {
        [
            ("No two rows have the same in a unique field", refuseDuplicates),
            ("Rows that are changed together can exchange unique values", exchange),
            ("A row refers to rows that are there", demandReferences),
            ("A row stays while another refers to it", keepReferenced),
        ]
    }

    @Sendable private static func refuseDuplicates(_ trial: Trial) async throws {
        for schema in trial.schemas {
            for position in schema.unique {
                let (first, second) = (try await trial.insert(schema), try await trial.insert(schema))
                var fields = try await trial.newFields(of: schema)
                fields[position - 1] = first.values[position]
                guard fields[position - 1] != .null, schema.derived(fields)[position - 1] == fields[position - 1] else {
                    continue
                }
                let error = DomainError.duplicate(field: schema.columns[position].name)
                try await trial.write(fails: error, "a second row of \(schema.resource)") {
                    _ = try await $0.insert(fields, into: schema)
                }
                var changed = Array(second.fields)
                changed[position - 1] = first.values[position]
                try await trial.write(fails: error, "a change of \(schema.resource)") { unit in
                    _ = try await unit.update(unit.find([second.id], of: schema).map { ($0, changed) }, of: schema)
                }
            }
        }
        try await trial.agreeOnAllRows()
    }

    @Sendable private static func exchange(_ trial: Trial) async throws {
        for schema in trial.schemas {
            for position in schema.unique {
                let rows = [try await trial.insert(schema), try await trial.insert(schema)]
                let changes = zip(rows, rows.reversed()).map { row, other in
                    var fields = Array(row.fields)
                    fields[position - 1] = other.values[position]
                    return (row: row, fields: schema.derived(fields))
                }
                let changed = try await trial.write { try await $0.update(changes, of: schema) }
                let found = changed.map { $0.values[position] }
                let expected = changes.map { $0.fields[position - 1] }
                try expect(found, expected, "\(schema.columns[position].name) of two \(schema.resource) that exchange it")
                for row in changed { trial.expected.put(row, of: schema) }
            }
        }
        try await trial.agreeOnAllRows()
    }

    @Sendable private static func demandReferences(_ trial: Trial) async throws {
        for schema in trial.schemas {
            for position in schema.references {
                guard let target = schema.columns[position].rules.target?.schema else { continue }
                let row = try await trial.insert(schema)
                var fields = try await trial.newFields(of: schema)
                fields[position - 1] = trial.unusedID(of: target)
                let error = DomainError.missingReference(field: schema.columns[position].name, resource: target.resource)
                try await trial.write(fails: error, "a row of \(schema.resource)") {
                    _ = try await $0.insert(fields, into: schema)
                }
                var changed = Array(row.fields)
                changed[position - 1] = trial.unusedID(of: target)
                try await trial.write(fails: error, "a change of \(schema.resource)") { unit in
                    _ = try await unit.update(unit.find([row.id], of: schema).map { ($0, changed) }, of: schema)
                }
            }
        }
        try await trial.agreeOnAllRows()
    }

    @Sendable private static func keepReferenced(_ trial: Trial) async throws {
        for schema in trial.schemas {
            for position in schema.references {
                guard let target = schema.columns[position].rules.target?.schema, target != schema else { continue }
                let parent = try await trial.insert(target)
                var fields = try await trial.newFields(of: schema)
                fields[position - 1] = parent.id
                try await trial.insert(fields, into: schema)
                let error = DomainError.stillReferenced(by: schema.resource)
                try await trial.write(fails: error, "the deletion of a row of \(target.resource)") { unit in
                    for row in try await unit.find([parent.id], of: target) { try await unit.delete(row, of: target) }
                }
            }
        }
        try await trial.agreeOnAllRows()
    }
}
