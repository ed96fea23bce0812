import Model

/// Something that clients read.
enum Read: CustomStringConvertible {
    case row(Value, Schema, Projection = .whole)
    case list(Query)
    case count([Query.Filter], Schema)
    case view(View, Value)

    var description: String {
        switch self {
        case .row(let id, let schema, let projection): "\(schema.resource) \(id.text ?? "")\(projection.key(of: schema))"
        case .list(let query): query.cacheKey
        case .count(let filters, let schema): schema.countKey(filters)
        case .view(let view, let id): view.key(of: id)
        }
    }

    func reading(from store: any Store, _ deadline: UInt64) async throws -> Reading {
        let context = ReadContext(deadline: deadline)
        let encoded: Encoded? =
            switch self {
            case .row(let id, let schema, let projection):
                try await store.repository(of: schema).find(id, projection, context)
            case .list(let query): try await store.repository(of: query.schema).list(query, context)
            case .count(let filters, let schema): try await store.repository(of: schema).count(filters, context)
            case .view(let view, let id): try await store.repository(of: view.subject).view(view, of: id, context)
            }
        return Reading(encoded, context)
    }

    func reading(of rows: ExpectedRows, _ deadline: UInt64) async throws -> Reading {
        let context = ReadContext(deadline: deadline)
        switch self {
        case .row(let id, let schema, let projection):
            return Reading(try await rows.find(id, projection, of: schema, context), context)
        case .list(let query): return Reading(try await rows.page(query, context), context)
        case .count(let filters, let schema):
            context.depend(on: schema.tags(selectedBy: filters))
            return Reading(Encoded(Count(try await rows.count(filters, of: schema))), context)
        case .view(let view, let id): return Reading(try await view.compute(of: id, from: rows, context), context)
        }
    }
}
