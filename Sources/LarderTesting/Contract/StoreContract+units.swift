import Model

extension StoreContract {
    /// What holds of a unit of work by itself.
    static var unitRules: [(String, Rule)] {
        [
            ("A unit that fails leaves nothing", rollBack),
            ("A unit sees what it wrote", seeOwnWrites),
            ("A unit finds rows in the order of their ids", findInOrder),
            ("What is to be done before the commit is done, and can prevent it", prepareCommit),
            ("A unit that comes too late does nothing", keepDeadline),
            ("A unit with a key has its effect once", useKeyOnce),
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
            // Made first, so that they refer to no row that is deleted.
            let fields = try await trial.newFields(of: schema)
            let deleted = try await trial.insert(schema)
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

    @Sendable private static func findInOrder(_ trial: Trial) async throws {
        for schema in trial.schemas {
            var ids: [Value] = []
            for _ in 0..<4 { ids.append(try await trial.insert(schema).id) }
            let found = try await trial.write { try await $0.find(ids.reversed(), of: schema).map(\.id) }
            try expect(found, ids.sorted(by: Value.isOrderedBefore), "the ids of \(schema.resource) within a unit")
        }
    }

    @Sendable private static func prepareCommit(_ trial: Trial) async throws {
        guard let schema = trial.schemas.first else { return }
        let fields = try await trial.newFields(of: schema)
        var announced: Set<String> = []
        let (row, touched) = try await trial.write { unit in
            unit.beforeCommit { announced = Set($0.map(\.name)) }
            return (try await unit.insert(fields, into: schema), Set(unit.touched.map(\.name)))
        }
        trial.expected.put(row, of: schema)
        try expect(announced, touched, "the tags that are known before the commit")
        let others = try await trial.newFields(of: schema)
        try await trial.write(fails: .contention, "a unit that cannot be announced") { unit in
            unit.beforeCommit { _ in throw DomainError.contention }
            _ = try await unit.insert(others, into: schema)
        }
        try await trial.agreeOnAllRows()
    }

    @Sendable private static func keepDeadline(_ trial: Trial) async throws {
        guard let schema = trial.schemas.first else { return }
        let fields = try await trial.newFields(of: schema)
        do {
            try await trial.store.write(deadline: trial.deadline - Trial.patience - 1) { unit in
                _ = try await unit.insert(fields, into: schema)
            }
            throw Violation(description: "a unit whose deadline is over is committed")
        } catch DomainError.deadlineExceeded {}
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
}
