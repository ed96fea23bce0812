internal import Model

/// Reads what was committed of one resource.
final class MemoryRepository: Repository {
    let schema: Schema
    private let database: MemoryDatabase

    init(_ database: MemoryDatabase, _ schema: Schema) {
        self.database = database
        self.schema = schema
    }

    func find(_ id: Value, _ projection: Projection, _ context: ReadContext) async throws -> Encoded? {
        context.depend(on: schema.tag(of: id))
        context.saw(database.evidence)
        let tables = database.tables
        guard let row = tables.row(id, of: schema) else { return nil }
        let parts = try await parts(of: [row], projection, tables, context)
        return Encoded.row(parts: parts) { $0.members(of: row, schema, projection) }
    }

    func list(_ query: Query, _ context: ReadContext) async throws -> Encoded {
        for tag in query.tags { context.depend(on: tag) }
        context.saw(database.evidence)
        let tables = database.tables
        let table = tables.table(of: schema)
        let rows = table.list(query, atMost: query.limit + 1)
        let parts = try await parts(of: Array(rows.prefix(query.limit)), query.projection, tables, context)
        return PageWriter.page(
            of: query, rows: rows.count, parts: parts, count: query.countsExactly ? table.count(query.filters) : nil
        ) { row, json in
            json.members(of: rows[row], schema, query.projection)
        } cursor: { row in
            query.cursor(after: rows[row])
        }
    }

    func count(_ filters: [Query.Filter], _ context: ReadContext) -> Encoded {
        for tag in schema.tags(selectedBy: filters) { context.depend(on: tag) }
        context.saw(database.evidence)
        return Encoded(Count(database.tables.count(filters, of: schema)))
    }

    func view(_ view: View, of id: Value, _ context: ReadContext) async throws -> Encoded? {
        context.saw(database.evidence)
        return try await view.compute(of: id, from: database.tables, context)
    }

    func ids(_ query: Query, deadline: UInt64) -> [Value] { database.tables.list(query).map(\.id) }

    private func parts(
        of rows: [Row], _ projection: Projection, _ tables: Tables, _ context: ReadContext
    ) async throws -> ShownParts? {
        guard !projection.parts.isEmpty else { return nil }
        return try await ShownParts(of: projection, schema, rows: rows.count, from: tables, context) { rows[$0].values[$1] }
    }
}
