internal import Domain

/// Reads what was committed of one resource.
final class MemoryRepository<E: Entity>: Repository {
    let database: MemoryDatabase

    init(_ database: MemoryDatabase) { self.database = database }

    func find(_ id: ID<E>, _ context: ReadContext) -> Encoded? {
        context.depend(on: E.tag(of: id))
        return database.tables.row(id).map(Encoded.init)
    }

    func list(_ query: Query<E>, _ context: ReadContext) -> Encoded {
        for tag in query.tags { context.depend(on: tag) }
        let table = database.tables.table(of: E.self)
        let count = query.countsExactly ? table.count(query.filters) : nil
        return Encoded(Page(table.list(query), of: query, count: count))
    }

    func count(_ filters: [Query<E>.Filter], _ context: ReadContext) -> Encoded {
        for tag in E.tags(selectedBy: filters) { context.depend(on: tag) }
        return Encoded(Count(database.tables.table(of: E.self).count(filters)))
    }
}
