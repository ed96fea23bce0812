import MemoryStore
import Model

/// A store whose reads report what they are told to about the cache, and whose reads and writes fail as they are told to.
final class StubStore: Store {
    private let base: InMemoryStore
    var outcome: CacheOutcome?
    /// What reads throw.
    var readError: (any Error)?
    /// What the next writes throw, one after the other.
    var writeErrors: [any Error] = []
    private(set) var writes = 0
    /// What the reads were asked of the cache.
    private(set) var demands: [CacheDemand] = []

    init(_ base: InMemoryStore) { self.base = base }

    func repository(of schema: Schema) -> any Repository { StubRepository(base: base.repository(of: schema), store: self) }

    func write<Result>(deadline: UInt64, _ body: (UnitOfWork) async throws -> Result) async throws -> Result {
        writes += 1
        if !writeErrors.isEmpty { throw writeErrors.removeFirst() }
        return try await base.write(deadline: deadline, body)
    }

    func evidence(deadline: UInt64) async throws -> ReadEvidence { try await base.evidence(deadline: deadline) }

    func check(deadline: UInt64) async throws {}

    fileprivate func willRead(_ context: ReadContext) throws {
        demands.append(context.demand)
        if let readError { throw readError }
        context.outcome = outcome
    }
}

private final class StubRepository: Repository {
    let base: any Repository
    let store: StubStore

    init(base: any Repository, store: StubStore) {
        self.base = base
        self.store = store
    }

    var schema: Schema { base.schema }

    func find(_ id: Value, _ projection: Projection, _ context: ReadContext) async throws -> Encoded? {
        try store.willRead(context)
        return try await base.find(id, projection, context)
    }

    func list(_ query: Query, _ context: ReadContext) async throws -> Encoded {
        try store.willRead(context)
        return try await base.list(query, context)
    }

    func count(_ filters: [Query.Filter], _ context: ReadContext) async throws -> Encoded {
        try store.willRead(context)
        return try await base.count(filters, context)
    }

    func view(_ view: View, of id: Value, _ context: ReadContext) async throws -> Encoded? {
        try store.willRead(context)
        return try await base.view(view, of: id, context)
    }

    func ids(_ query: Query, deadline: UInt64) async throws -> [Value] { try await base.ids(query, deadline: deadline) }
}
