import Domain

/// A store of categories whose commits and reads end as the test says.
final class ScriptedStore: Store {
    private let script: Script
    var rows: [Int64: Stored<Category>] = [1: Stored(number: 1, name: "old"), 2: Stored(number: 2, name: "old")]

    init(_ script: Script) { self.script = script }

    /// How a commit ends.
    typealias CommitAnswer = Result<Void, any Error>

    func write<Result>(
        deadline: UInt64, _ body: (UnitOfWork) async throws -> Result
    ) async throws -> Result {
        let transaction = CategoryTransaction { [self] in rows[$0] }
        let unit = UnitOfWork(transaction, deadline: deadline)
        script.tell(.begin)
        do {
            let result = try await body(unit)
            try await unit.willCommit?(unit.touched)
            try await script.ask(.commit, for: CommitAnswer.self).get()
            for (id, row) in transaction.rows { rows[id] = row }
            return result
        } catch {
            if !(error is CommitOutcomeUnknown) { script.tell(.rollback) }
            throw error
        }
    }

    func repository<E: Entity>(of entity: E.Type) -> any Repository<E> { ScriptedRepository<E>(script) }
    var customers: any CustomerRepository { ScriptedRepository<Customer>(script) }
    var applications: any ApplicationRepository { ScriptedRepository<Application>(script) }
    func check(deadline: UInt64) async throws { script.tell(.begin) }
}

/// Reads whose results the test gives; it tells them apart by what is read.
final class ScriptedRepository<E: Entity>: Repository {
    private let script: Script

    init(_ script: Script) { self.script = script }

    func find(_ id: ID<E>, _ projection: Projection<E>, _ context: ReadContext) async throws -> Encoded? {
        try await load("find \(id)")
    }

    func list(_ query: Query<E>, _ context: ReadContext) async throws -> Encoded {
        try await load("list")!
    }

    func count(_ filters: [Query<E>.Filter], _ context: ReadContext) async throws -> Encoded {
        try await load("count")!
    }

    func ids(_ query: Query<E>, deadline: UInt64) async throws -> [ID<E>] { preconditionFailure("nobody visits all rows") }

    fileprivate func load(_ name: String) async throws -> Encoded? {
        try await script.ask(.load(name), for: Dialogue.LoadAnswer.self).get().value
    }
}

extension ScriptedRepository: CustomerRepository where E == Customer {
    func summary(of id: ID<Customer>, _ context: ReadContext) async throws -> Encoded? {
        try await load("summary \(id)")
    }
}

extension ScriptedRepository: ApplicationRepository where E == Application {
    func status(of id: ID<Application>, _ context: ReadContext) async throws -> Encoded? {
        try await load("status \(id)")
    }
}
