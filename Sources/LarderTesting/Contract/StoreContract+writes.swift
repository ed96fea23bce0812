import Model

extension StoreContract {
    /// What becomes of rows.
    static var writeRules: [(String, Rule)] {
        [
            ("New rows have an id, version 1 and their times", insert),
            ("Each change of a row is its next version", update),
            ("A row that would stay as it is stays as it is", stay),
            ("Deleted rows are gone", delete),
            ("Upserted rows have their ids, and replace those that are there", upsert),
        ]
    }

    @Sendable private static func insert(_ trial: Trial) async throws {
        for schema in trial.schemas {
            let before = trial.expected.rows(of: schema).map(\.id)
            let fields = try await trial.newFields(of: schema)
            let row = try await trial.insert(fields, into: schema)
            try expect(Array(row.fields), fields, "the fields of a new row of \(schema.resource)")
            try expect(row.version, 1, "the version of a new row of \(schema.resource)")
            try expect(row.createdAt, row.updatedAt, "the times of a new row of \(schema.resource)")
            try expect(before.contains(row.id), false, "whether a new row of \(schema.resource) has another one's id")
        }
        try await trial.agreeOnAllRows()
    }

    @Sendable private static func update(_ trial: Trial) async throws {
        for schema in trial.schemas {
            let row = try await trial.insert(schema)
            let fields = try await trial.newFields(of: schema)
            let changed = try await trial.write { unit in
                try await unit.update(unit.find([row.id], of: schema).map { ($0, fields) }, of: schema)
            }
            try expect(changed.count, 1, "how many rows of \(schema.resource) were changed")
            try expect(Array(changed[0].fields), fields, "the fields of a changed row of \(schema.resource)")
            try expect(
                changed[0].version, fields == Array(row.fields) ? 1 : 2, "the version of a changed row of \(schema.resource)")
            try expect(changed[0].createdAt, row.createdAt, "when a changed row of \(schema.resource) was made")
            trial.expected.put(changed[0], of: schema)
        }
        try await trial.agreeOnAllRows()
    }

    @Sendable private static func stay(_ trial: Trial) async throws {
        for schema in trial.schemas {
            let row = try await trial.insert(schema)
            try await trial.write { unit in
                let found = try await unit.find([row.id], of: schema)
                _ = try await unit.update(found.map { ($0, Array($0.fields)) }, of: schema)
                try await unit.upsert([(row.id, Array(row.fields))], into: schema)
                try expect(unit.touched, [], "what is touched by no change of \(schema.resource)")
            }
        }
        try await trial.agreeOnAllRows()
    }

    @Sendable private static func delete(_ trial: Trial) async throws {
        try await trial.fill(1)
        for schema in trial.schemas {
            let row = try await trial.insert(schema)
            try await trial.write { unit in
                for found in try await unit.find([row.id], of: schema) { try await unit.delete(found, of: schema) }
            }
            trial.expected.remove(row.id, of: schema)
            try await trial.agree(.row(row.id, schema))
        }
        try await trial.agreeOnAllRows()
    }

    @Sendable private static func upsert(_ trial: Trial) async throws {
        for schema in trial.schemas {
            let present = try await trial.insert(schema)
            let ids = [present.id, SampleRows.id(1_000_001, of: schema)]
            var rows: [(id: Value, fields: [Value])] = []
            for id in ids { rows.append((id, try await trial.newFields(of: schema))) }
            let found = try await trial.write { unit in
                try await unit.upsert(rows, into: schema)
                return try await unit.find(ids, of: schema)
            }
            try expect(Set(found.map(\.id)), Set(ids), "the ids of upserted rows of \(schema.resource)")
            for (id, fields) in rows {
                let row = found.first { $0.id == id }
                try expect(row.map { Array($0.fields) }, fields, "the upserted row \(id.text ?? "") of \(schema.resource)")
            }
            for row in found { trial.expected.put(row, of: schema) }
            let next = try await trial.insert(schema)
            try expect(ids.contains(next.id), false, "whether an upserted id of \(schema.resource) is given again")
        }
        try await trial.agreeOnAllRows()
    }
}
