import Model

extension StoreContract {
    /// What rows own.
    static var ownedRules: [(String, Rule)] {
        [
            ("Owned rows are shown by position, and replaced by position", putOwned),
            ("Owned rows go with their owner", removeOwner),
        ]
    }

    @Sendable private static func putOwned(_ trial: Trial) async throws {
        for (owned, schema) in trial.declarations.owned {
            let owner = try await trial.insert(schema)
            for position in [Int64(3), 1, 2, 1] {
                try await trial.putOwned(owned, by: owner, at: position, of: schema)
                try await agree(on: owner.id, schema, trial)
            }
            let rows = try await trial.expected.owned(owned, by: [owner.id], of: schema)
            try await trial.write { unit in
                try expect(try await unit.owned(owned, by: [owner.id], of: schema), rows, "the \(owned.name) in a unit")
                try await unit.upsert(rows, into: owned, of: schema)
                try expect(unit.touched, [], "what is touched by \(owned.name) that stay as they are")
            }
            try await agree(on: owner.id, schema, trial)
        }
    }

    @Sendable private static func removeOwner(_ trial: Trial) async throws {
        for (owned, schema) in trial.declarations.owned {
            let (owner, other) = (try await trial.insert(schema), try await trial.insert(schema))
            for row in [owner, other] { try await trial.putOwned(owned, by: row, at: 1, of: schema) }
            let left = try await trial.write { unit in
                for row in try await unit.find([owner.id], of: schema) { try await unit.delete(row, of: schema) }
                return try await unit.owned(owned, by: [owner.id, other.id], of: schema).map(\.owner)
            }
            trial.expected.remove(owner.id, of: schema)
            trial.expected.removeOwned(owned, by: owner.id)
            try expect(left, [other.id], "the owners of the \(owned.name) that are left")
            for id in [owner.id, other.id] { try await agree(on: id, schema, trial) }
        }
    }

    private static func agree(on id: Value, _ schema: Schema, _ trial: Trial) async throws {
        try await trial.agree(.row(id, schema, Projection(parts: Array(schema.parts.indices))))
    }
}
