public import Domain

/// A store over another one, whose reads are cached and whose writes are announced to the cache.
public final class CachedStore: Store {
    private let base: AnnouncingStore
    public let cache: Cache

    public init(_ base: any Store, _ cache: Cache) {
        self.base = AnnouncingStore(base, cache)
        self.cache = cache
    }

    public func repository<E: Entity>(of entity: E.Type) -> any Repository<E> {
        cached(base.repository(of: entity))
    }

    public var customers: any CustomerRepository { cached(base.customers) }
    public var applications: any ApplicationRepository { cached(base.applications) }

    private func cached<Base: Repository>(_ base: Base) -> any Repository<Base.E> { CachedRepository(base, cache) }
    private func cached<Base: CustomerRepository>(_ base: Base) -> any CustomerRepository { CachedRepository(base, cache) }
    private func cached<Base: ApplicationRepository>(_ base: Base) -> any ApplicationRepository {
        CachedRepository(base, cache)
    }

    public func write<Result>(
        deadline: UInt64, _ body: (UnitOfWork) async throws -> Result
    ) async throws -> Result {
        try await base.write(deadline: deadline, body)
    }

    public func check(deadline: UInt64) async throws { try await base.check(deadline: deadline) }
}
