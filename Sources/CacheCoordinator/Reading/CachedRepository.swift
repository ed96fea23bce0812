public import Model

/// A repository over another one, with a cache between. Nobody who reads can see the difference, but for the time.
public final class CachedRepository: Repository {
    public let schema: Schema
    private let base: any Repository
    private let cache: Cache

    public init(_ base: any Repository, _ cache: Cache) {
        self.base = base
        self.cache = cache
        schema = base.schema
    }

    public func find(_ id: Value, _ projection: Projection, _ context: ReadContext) async throws -> Encoded? {
        let tag = schema.tag(of: id)
        let key = tag.name + projection.key(of: schema)
        return try await cache.read(key, of: schema.resource, tags: { [tag] }, context) {
            try await base.find(id, projection, $0)
        }
    }

    public func list(_ query: Query, _ context: ReadContext) async throws -> Encoded {
        try await cache.readPresent(query.cacheKey, of: schema.resource, tags: { query.tags }, context) {
            try await base.list(query, $0)
        }
    }

    public func count(_ filters: [Query.Filter], _ context: ReadContext) async throws -> Encoded {
        try await cache.readPresent(
            schema.countKey(filters), of: schema.resource, tags: { schema.tags(selectedBy: filters) }, context
        ) {
            try await base.count(filters, $0)
        }
    }

    public func view(_ view: View, of id: Value, _ context: ReadContext) async throws -> Encoded? {
        try await cache.read(view.key(of: id), of: schema.resource, tags: { [schema.tag(of: id)] }, context) {
            try await base.view(view, of: id, $0)
        }
    }

    public func ids(_ query: Query, deadline: UInt64) async throws -> [Value] {
        try await base.ids(query, deadline: deadline)
    }
}
