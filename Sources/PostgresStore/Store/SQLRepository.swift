internal import Model
internal import Postgres

/// Reads the rows of one table.
final class SQLRepository: Repository {
    let schema: Schema
    private let store: SQLStore
    private let table: TableSQL
    private let points: PointReads

    init(_ store: SQLStore, _ schema: Schema) {
        self.schema = schema
        self.store = store
        table = store.table(of: schema)
        points = PointReads(store, table)
    }

    func find(_ id: Value, _ projection: Projection, _ context: ReadContext) async throws -> Encoded? {
        context.depend(on: schema.tag(of: id))
        guard !projection.parts.isEmpty else {
            return try await points.row(id, projection, context)
        }
        return try await store.snapshot(context) { snapshot in
            let result = try await snapshot.find([id], table.find)
            guard result.rows == 1 else { return nil }
            let writer = RowWriter(table.plan, projection)
            let parts = try await ShownParts(of: projection, schema, rows: 1, from: snapshot, context) { row, column in
                writer.value(result, row, column)
            }
            return try Encoded.row(parts: parts) { json in try writer.write(result, 0, to: &json) }
        }
    }

    func list(_ query: Query, _ context: ReadContext) async throws -> Encoded {
        context.depend(on: query.tags)
        var statements = [QuerySQL.page(query, table)]
        if query.countsExactly { statements.append(QuerySQL.count(query.filters, table)) }
        guard !query.projection.parts.isEmpty else {
            let results = try await store.read(statements, context)
            return try page(of: query, results, parts: nil)
        }
        return try await store.snapshot(context) { snapshot in
            let results = try await snapshot.run(statements)
            let writer = RowWriter(table.plan, query.projection)
            let rows = min(results[0].rows, query.limit)
            let parts = try await ShownParts(of: query.projection, schema, rows: rows, from: snapshot, context) { row, column in
                writer.value(results[0], row, column)
            }
            return try page(of: query, results, parts: parts)
        }
    }

    /// - Parameter results: the rows, and their count if the query asks for it.
    private func page(of query: Query, _ results: [PostgresResult], parts: ShownParts?) throws -> Encoded {
        let writer = RowWriter(table.plan, query.projection)
        let rows = results[0]
        return try PageWriter.page(
            of: query, rows: rows.rows, parts: parts, count: try results.dropFirst().first.map { try $0.count(of: schema) },
            write: { row, json in try writer.write(rows, row, to: &json) }, cursor: { writer.cursor(rows, $0, query) })
    }

    func count(_ filters: [Query.Filter], _ context: ReadContext) async throws -> Encoded {
        context.depend(on: schema.tags(selectedBy: filters))
        let results = try await store.read([QuerySQL.count(filters, table)], context)
        return Encoded(Count(try results[0].count(of: schema)))
    }

    func view(_ view: View, of id: Value, _ context: ReadContext) async throws -> Encoded? {
        if let sql = store.sql(of: view) {
            context.depend(on: schema.tag(of: id))
            let results = try await store.read(sql.statements(id), context)
            return try sql.read(id, results, context)
        }
        return try await store.snapshot(context) { snapshot in
            try await view.compute(of: id, from: snapshot, context)
        }
    }

    func ids(_ query: Query, deadline: UInt64) async throws -> [Value] {
        let statement = QuerySQL.list(query, table, columns: table.names[0], limit: query.limit)
        return try await store.run([statement], deadline: deadline)[0].ids(of: schema)
    }
}
