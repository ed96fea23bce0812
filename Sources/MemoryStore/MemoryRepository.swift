public import Domain

/// Reads what was committed of one resource.
final class MemoryRepository<E: Entity>: Repository {
    let database: MemoryDatabase

    init(_ database: MemoryDatabase) { self.database = database }

    func find(_ id: ID<E>, _ projection: Projection<E>, _ context: ReadContext) async throws -> Encoded? {
        context.depend(on: E.tag(of: id))
        guard let row = database.tables.row(id) else { return nil }
        return Encoded(try await projection.show([row], from: database, context)[0])
    }

    func list(_ query: Query<E>, _ context: ReadContext) async throws -> Encoded {
        for tag in query.tags { context.depend(on: tag) }
        let table = database.tables.table(of: E.self)
        let count = query.countsExactly ? table.count(query.filters) : nil
        var page = Page(table.list(query), of: query, count: count)
        try await page.readParts(of: query, from: database, context)
        return Encoded(page)
    }

    func count(_ filters: [Query<E>.Filter], _ context: ReadContext) -> Encoded {
        for tag in E.tags(selectedBy: filters) { context.depend(on: tag) }
        return Encoded(Count(database.tables.table(of: E.self).count(filters)))
    }

    func ids(_ query: Query<E>, deadline: UInt64) -> [ID<E>] {
        database.tables.table(of: E.self).list(query).prefix(query.limit).map(\.id)
    }
}

extension MemoryDatabase: PartSource {
    public func rows<E: Entity>(_ ids: [ID<E>], _ context: ReadContext) -> [Stored<E>] { ids.compactMap { tables.row($0) } }

    public func lines(of orders: [ID<Order>], _ context: ReadContext) -> [OrderLine] { orders.flatMap { tables.lines.of($0) } }
}
