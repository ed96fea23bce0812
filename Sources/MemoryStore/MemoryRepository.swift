internal import Domain

/// Reads what was committed of one resource.
final class MemoryRepository<E: Entity>: Repository {
    let database: MemoryDatabase

    init(_ database: MemoryDatabase) { self.database = database }

    func find(_ id: ID<E>, _ projection: Projection<E>, _ context: ReadContext) async throws -> Encoded? {
        context.depend(on: E.tag(of: id))
        let tables = database.tables
        guard let row = tables.row(id) else { return nil }
        return Encoded(try await projection.show([row], from: tables, context)[0])
    }

    func list(_ query: Query<E>, _ context: ReadContext) async throws -> Encoded {
        for tag in query.tags { context.depend(on: tag) }
        let tables = database.tables
        let table = tables.table(of: E.self)
        let count = query.countsExactly ? table.count(query.filters) : nil
        return Encoded(try await Page(table.list(query), of: query, count: count, partsFrom: tables, context))
    }

    func count(_ filters: [Query<E>.Filter], _ context: ReadContext) -> Encoded {
        for tag in E.tags(selectedBy: filters) { context.depend(on: tag) }
        return Encoded(Count(database.tables.table(of: E.self).count(filters)))
    }

    func ids(_ query: Query<E>, deadline: UInt64) -> [ID<E>] {
        database.tables.table(of: E.self).list(query).prefix(query.limit).map(\.id)
    }
}

extension Tables: PartSource {
    func rows<E: Entity>(_ ids: [ID<E>], _ context: ReadContext) -> [Stored<E>] { ids.compactMap { row($0) } }

    func lines(of orders: [ID<Order>], _ context: ReadContext) -> [OrderLine] { orders.flatMap { lines.of($0) } }
}
