public import Domain

/// A repository over another one, with a cache between. Nobody who reads can see the difference, but for the time.
public final class CachedRepository<Base: Repository>: Repository {
    public typealias E = Base.E

    let base: Base
    let cache: Cache

    public init(_ base: Base, _ cache: Cache) {
        self.base = base
        self.cache = cache
    }

    public func find(_ id: ID<E>, _ projection: Projection<E>, _ context: ReadContext) async throws -> Encoded? {
        let tag = E.tag(of: id)
        let key = tag.name + projection.key
        return try await cache.read(key, of: E.resource, tags: { [tag] }, context) {
            try await base.find(id, projection, $0)
        }
    }

    public func list(_ query: Query<E>, _ context: ReadContext) async throws -> Encoded {
        try await cache.readPresent(query.cacheKey, of: E.resource, tags: { query.tags }, context) {
            try await base.list(query, $0)
        }
    }

    public func count(_ filters: [Query<E>.Filter], _ context: ReadContext) async throws -> Encoded {
        try await cache.readPresent(E.countKey(filters), of: E.resource, tags: { E.tags(selectedBy: filters) }, context) {
            try await base.count(filters, $0)
        }
    }

    public func ids(_ query: Query<E>, deadline: UInt64) async throws -> [ID<E>] {
        try await base.ids(query, deadline: deadline)
    }
}

extension CachedRepository: CustomerRepository where Base: CustomerRepository {
    public func summary(of id: ID<Customer>, _ context: ReadContext) async throws -> Encoded? {
        try await cache.read("summary:\(Customer.tag(of: id))", of: Customer.resource, tags: { [Customer.tag(of: id)] }, context)
        {
            try await base.summary(of: id, $0)
        }
    }
}

extension CachedRepository: ApplicationRepository where Base: ApplicationRepository {
    public func status(of id: ID<Application>, _ context: ReadContext) async throws -> Encoded? {
        try await cache.read(
            "status:\(Application.tag(of: id))", of: Application.resource, tags: { ApplicationStatus.tags(of: id) }, context
        ) {
            try await base.status(of: id, $0)
        }
    }
}
