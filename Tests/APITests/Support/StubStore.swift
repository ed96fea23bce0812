import Domain
import MemoryStore

/// A store whose reads report what they are told to about the cache, and whose reads and writes fail as they are told to.
final class StubStore: Store {
    fileprivate let base: MemoryStore
    var outcome: CacheOutcome?
    /// What reads throw.
    var readError: (any Error)?
    /// What the next writes throw, one after the other.
    var writeErrors: [any Error] = []
    private(set) var writes = 0
    /// What the reads were asked of the cache.
    private(set) var demands: [CacheDemand] = []

    init(_ base: MemoryStore) { self.base = base }

    func repository<E: Entity>(of entity: E.Type) -> any Repository<E> {
        StubRepository(base: base.repository(of: entity), store: self)
    }

    var customers: any CustomerRepository { StubRepository(base: base.repository(of: Customer.self), store: self) }
    var applications: any ApplicationRepository { StubRepository(base: base.repository(of: Application.self), store: self) }

    func write<Result>(deadline: UInt64, _ body: (UnitOfWork) async throws -> Result) async throws -> Result {
        writes += 1
        if !writeErrors.isEmpty { throw writeErrors.removeFirst() }
        return try await base.write(deadline: deadline, body)
    }

    func check(deadline: UInt64) async throws {}

    fileprivate func willRead(_ context: ReadContext) throws {
        demands.append(context.demand)
        if let readError { throw readError }
        context.outcome = outcome
    }
}

private final class StubRepository<E: Entity>: Repository {
    let base: any Repository<E>
    let store: StubStore

    init(base: any Repository<E>, store: StubStore) {
        self.base = base
        self.store = store
    }

    func find(_ id: ID<E>, _ projection: Projection<E>, _ context: ReadContext) async throws -> Encoded? {
        try store.willRead(context)
        return try await base.find(id, projection, context)
    }

    func list(_ query: Query<E>, _ context: ReadContext) async throws -> Encoded {
        try store.willRead(context)
        return try await base.list(query, context)
    }

    func count(_ filters: [Query<E>.Filter], _ context: ReadContext) async throws -> Encoded {
        try store.willRead(context)
        return try await base.count(filters, context)
    }

    func ids(_ query: Query<E>, deadline: UInt64) async throws -> [ID<E>] { try await base.ids(query, deadline: deadline) }
}

extension StubRepository: CustomerRepository where E == Customer {
    func summary(of id: ID<Customer>, _ context: ReadContext) async throws -> Encoded? {
        try store.willRead(context)
        return try await store.base.customers.summary(of: id, context)
    }
}

extension StubRepository: ApplicationRepository where E == Application {
    func status(of id: ID<Application>, _ context: ReadContext) async throws -> Encoded? {
        try store.willRead(context)
        return try await store.base.applications.status(of: id, context)
    }
}
