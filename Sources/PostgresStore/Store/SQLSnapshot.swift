internal import Model
internal import Postgres

/// The database as it was at one moment.
struct SQLSnapshot: SnapshotSource {
    let transaction: PostgresTransaction
    let store: SQLStore

    func rows(_ ids: [Value], of schema: Schema) async throws -> [Row] {
        try await find(ids, store.table(of: schema).find).rows(of: schema)
    }

    func firstRows(_ ids: [Value], of schema: Schema) async throws -> [Row] {
        try await find(ids, store.table(of: schema).findFirst).rows(of: schema)
    }

    func list(_ query: Query) async throws -> [Row] {
        let table = store.table(of: query.schema)
        return try await transaction.run(QuerySQL.list(query, table, limit: query.limit)).rows(of: query.schema)
    }

    func count(_ filters: [Query.Filter], of schema: Schema) async throws -> Int64 {
        try await transaction.run(QuerySQL.count(filters, store.table(of: schema))).count(of: schema)
    }

    func owned(_ rows: OwnedRows, by owners: [Value], of schema: Schema) async throws -> [OwnedRow] {
        let sql = store.table(of: schema).owned(rows)
        return try await find(owners, sql.find).owned(rows)
    }

    /// What a statement finds that takes ids.
    func find(_ ids: [Value], _ sql: SQL) async throws -> PostgresResult {
        try await transaction.run(Statement(sql, [ArrayLiteral.encode(values: ids)]))
    }
}
