internal import Domain

/// Reads the rows of one table.
class PostgresRepository<E: Entity>: Repository {
    let store: PostgresStore
    private let sql: EntitySQL<E>
    private let points: PointReads<E>

    init(_ store: PostgresStore) {
        self.store = store
        sql = store.sql(of: E.self)
        points = PointReads(store, sql)
    }

    func find(_ id: ID<E>, _ projection: Projection<E>, _ context: ReadContext) async throws -> Encoded? {
        context.depend(on: E.tag(of: id))
        guard !projection.parts.isEmpty else {
            return try await points.row(id, deadline: context.deadline).map { Encoded(Shown($0, projection)) }
        }
        return try await store.snapshot(deadline: context.deadline) { snapshot in
            guard let row = try await snapshot.rows([id], context).first else { return nil }
            return Encoded(try await projection.show([row], from: snapshot, context)[0])
        }
    }

    func list(_ query: Query<E>, _ context: ReadContext) async throws -> Encoded {
        for tag in query.tags { context.depend(on: tag) }
        var statements = [QuerySQL.page(query)]
        if query.countsExactly { statements.append(QuerySQL<E>.count(query.filters)) }
        guard !query.projection.parts.isEmpty else {
            let results = try await store.read(statements, deadline: context.deadline)
            return Encoded(Page(try sql.rows(results[0]), of: query, count: try Self.count(results.dropFirst())))
        }
        return try await store.snapshot(deadline: context.deadline) { snapshot in
            let results = try await snapshot.transaction.run(statements)
            let (rows, count) = (try sql.rows(results[0]), try Self.count(results.dropFirst()))
            return Encoded(try await Page(rows, of: query, count: count, partsFrom: snapshot, context))
        }
    }

    private static func count(_ results: ArraySlice<PostgresResult>) throws -> Int64? {
        try results.first.map { try count($0) }
    }

    func count(_ filters: [Query<E>.Filter], _ context: ReadContext) async throws -> Encoded {
        for tag in E.tags(selectedBy: filters) { context.depend(on: tag) }
        let results = try await store.read([QuerySQL<E>.count(filters)], deadline: context.deadline)
        return Encoded(Count(try Self.count(results[0])))
    }

    private static func count(_ result: PostgresResult) throws -> Int64 {
        try result.required(0, 0, of: E.resource) { Int64($0) }
    }

    func ids(_ query: Query<E>, deadline: UInt64) async throws -> [ID<E>] {
        let statement = QuerySQL.list(query, columns: E.schema.columns[0].name.quoted)
        let result = try await store.read([statement], deadline: deadline)[0]
        return Array(try sql.ids(result).prefix(query.limit))
    }
}
