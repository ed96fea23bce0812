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
        var statements = [QuerySQL.list(query, columns: sql.columns)]
        if query.countsExactly { statements.append(QuerySQL<E>.count(query.filters)) }
        guard !query.projection.parts.isEmpty else {
            return Encoded(try page(of: query, try await store.read(statements, deadline: context.deadline)))
        }
        return try await store.snapshot(deadline: context.deadline) { snapshot in
            var page = try page(of: query, try await snapshot.transaction.run(statements))
            try await page.readParts(of: query, from: snapshot, context)
            return Encoded(page)
        }
    }

    private func page(of query: Query<E>, _ results: [PostgresResult]) throws -> Page<E> {
        Page(try sql.rows(results[0]), of: query, count: results.count > 1 ? results[1].int64(0, 0) : nil)
    }

    func count(_ filters: [Query<E>.Filter], _ context: ReadContext) async throws -> Encoded {
        for tag in E.tags(selectedBy: filters) { context.depend(on: tag) }
        let results = try await store.read([QuerySQL<E>.count(filters)], deadline: context.deadline)
        return Encoded(Count(results[0].int64(0, 0) ?? 0))
    }

    func ids(_ query: Query<E>, deadline: UInt64) async throws -> [ID<E>] {
        let id = E.schema.columns[0]
        let result = try await store.read([QuerySQL.list(query, columns: id.name.quoted)], deadline: deadline)[0]
        return try (0..<min(result.rows, query.limit)).map { row in
            guard let value = result.value(row, 0, id.kind), let id = ID<E>(value) else {
                throw UnexpectedRow(table: E.resource, column: id.name)
            }
            return id
        }
    }
}
