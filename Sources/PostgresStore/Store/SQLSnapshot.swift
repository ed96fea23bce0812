internal import Model
internal import Postgres

/// The database as it was at one moment.
final class SQLSnapshot: SnapshotSource {
    private let transaction: PostgresTransaction
    private let store: SQLStore
    /// Told of the database's own snapshot, with the first that is read.
    private var begin: (([PostgresResult]) throws -> Void)?

    init(_ transaction: PostgresTransaction, _ store: SQLStore, begin: @escaping ([PostgresResult]) throws -> Void) {
        self.transaction = transaction
        self.store = store
        self.begin = begin
    }

    /// Runs statements that read.
    func run(_ statements: [Statement]) async throws -> [PostgresResult] {
        try await run(statements) { statements throws(PostgresError) in try await transaction.run(statements) }
    }

    /// Runs all that is to be read.
    func readAll(_ statements: [Statement]) async throws -> [PostgresResult] {
        try await run(statements) { statements throws(PostgresError) in try await transaction.readAll(statements) }
    }

    private func run(
        _ statements: [Statement], by run: ([Statement]) async throws(PostgresError) -> [PostgresResult]
    ) async throws -> [PostgresResult] {
        guard let begin else { return try await run(statements) }
        self.begin = nil
        let results = try await run([SQLStore.moment] + statements)
        try begin(Array(results.prefix(1)))
        return Array(results.dropFirst())
    }

    private func run(_ statement: Statement) async throws -> PostgresResult { try await run([statement])[0] }

    func rows(_ ids: [Value], of schema: Schema) async throws -> [Row] {
        try await find(ids, store.table(of: schema).find).rows(of: schema)
    }

    func firstRows(_ ids: [Value], of schema: Schema) async throws -> [Row] {
        try await find(ids, store.table(of: schema).findFirst).rows(of: schema)
    }

    func list(_ query: Query) async throws -> [Row] {
        let table = store.table(of: query.schema)
        return try await run(QuerySQL.list(query, table, limit: query.limit)).rows(of: query.schema)
    }

    func count(_ filters: [Query.Filter], of schema: Schema) async throws -> Int64 {
        try await run(QuerySQL.count(filters, store.table(of: schema))).count(of: schema)
    }

    func owned(_ rows: OwnedRows, by owners: [Value], of schema: Schema) async throws -> [OwnedRow] {
        let sql = store.table(of: schema).owned(rows)
        return try await find(owners, sql.find).owned(rows)
    }

    /// What a statement finds that takes ids.
    func find(_ ids: [Value], _ sql: SQL) async throws -> PostgresResult {
        try await run(Statement(sql, [ArrayLiteral.encode(values: ids)]))
    }
}
