import Model

/// A store of shelves whose commits and reads end as the test says.
final class ScriptedStore: Store {
    private let script: Script
    var rows: [Int64: Stored<Shelf>] = [1: Stored(number: 1, name: "old"), 2: Stored(number: 2, name: "old")]

    init(_ script: Script) { self.script = script }

    /// How a commit ends.
    typealias CommitAnswer = Result<Void, any Error>

    func write<Result>(
        deadline: UInt64, _ body: (UnitOfWork) async throws -> Result
    ) async throws -> Result {
        let transaction = ShelfTransaction { [self] in rows[$0] }
        let unit = UnitOfWork(transaction, deadline: deadline)
        script.tell(.begin)
        do {
            let result = try await body(unit)
            try await unit.prepareCommit()
            try await script.ask(.commit, for: CommitAnswer.self).get()
            for (id, row) in transaction.rows { rows[id] = row }
            return result
        } catch {
            if !(error is CommitOutcomeUnknown) { script.tell(.rollback) }
            throw error
        }
    }

    func repository(of schema: Schema) -> any Repository { ScriptedRepository(script, schema) }
    func evidence(deadline: UInt64) async throws -> ReadEvidence { .quiet }
    func check(deadline: UInt64) async throws { script.tell(.begin) }
}

/// Reads whose results the test gives; it tells them apart by what is read.
final class ScriptedRepository: Repository {
    let schema: Schema
    private let script: Script

    init(_ script: Script, _ schema: Schema) {
        self.script = script
        self.schema = schema
    }

    func find(_ id: Value, _ projection: Projection, _ context: ReadContext) async throws -> Encoded? {
        try await load("find \(id.text!)", context)
    }

    func list(_ query: Query, _ context: ReadContext) async throws -> Encoded { try await load("list", context)! }

    func count(_ filters: [Query.Filter], _ context: ReadContext) async throws -> Encoded { try await load("count", context)! }

    func view(_ view: View, of id: Value, _ context: ReadContext) async throws -> Encoded? {
        try await load("\(view.name) \(id.text!)", context)
    }

    func ids(_ query: Query, deadline: UInt64) async throws -> [Value] { preconditionFailure("nobody visits all rows") }

    private func load(_ name: String, _ context: ReadContext) async throws -> Encoded? {
        let answer = try await script.ask(.load(name), for: Dialogue.LoadAnswer.self).get()
        context.saw(answer.evidence)
        return answer.value
    }
}
