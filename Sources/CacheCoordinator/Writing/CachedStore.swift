public import Model

/// A store over another one, whose reads are cached and whose writes are announced to the cache.
public final class CachedStore: Store {
    private let base: AnnouncingStore
    public let cache: Cache

    public init(_ base: any Store, _ cache: Cache) {
        self.base = AnnouncingStore(base, cache)
        self.cache = cache
    }

    public func repository(of schema: Schema) -> any Repository { CachedRepository(base.repository(of: schema), cache) }

    public func write<Result>(
        deadline: UInt64, _ body: (UnitOfWork) async throws -> Result
    ) async throws -> Result {
        try await base.write(deadline: deadline, body)
    }

    public func check(deadline: UInt64) async throws { try await base.check(deadline: deadline) }
}
