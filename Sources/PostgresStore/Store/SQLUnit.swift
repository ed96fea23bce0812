internal import Model
internal import Postgres

/// A unit of work as statements of one transaction.
final class SQLUnit: StoreTransaction {
    private let transaction: PostgresTransaction
    private let store: SQLStore
    private var id: UInt64?

    init(_ transaction: PostgresTransaction, _ store: SQLStore) {
        self.transaction = transaction
        self.store = store
    }

    /// Gives the transaction its id, and says that it announces what it touches: triggers for other writers pass it by.
    private static let identify = SQL.pinned(
        "SELECT pg_current_xact_id()::text, set_config('larder.writer', 'on', true)")

    func identify() async throws -> UInt64 {
        if let id { return id }
        return try readID(try await run([Statement(Self.identify)])[0])
    }

    private func readID(_ result: PostgresResult) throws -> UInt64 {
        guard let id = result.string(0, 0).flatMap({ UInt64($0) }) else {
            throw UnexpectedRow(table: "pg_current_xact_id()", column: "pg_current_xact_id")
        }
        self.id = id
        return id
    }

    func find(_ ids: [Value], of schema: Schema) async throws -> [Row] {
        let statement = Statement(store.table(of: schema).lock, [ArrayLiteral.encode(values: ids)])
        return try await run([statement])[0].rowsToReplace(of: schema)
    }

    func list(_ query: Query) async throws -> [Row] {
        let table = store.table(of: query.schema)
        let statement = QuerySQL.list(query, table, limit: query.limit, lock: TableSQL.locked)
        let rows = try await run([statement])[0].rowsToReplace(of: query.schema)
        // A row for whose lock it waited may have got other values than those by which it was sorted.
        return rows.sorted(by: query.isOrderedBefore)
    }

    func insert(_ fields: [Value], id: Value?, into schema: Schema) async throws -> Row {
        let table = store.table(of: schema)
        let values = fields.map(\.sqlText)
        let statement = id.map { Statement(table.insertWithID, [$0.sqlText] + values) } ?? Statement(table.insert, values)
        return try await run([statement], writing: schema)[0].row(0, of: schema)
    }

    func update(_ rows: [Row], of schema: Schema) async throws -> [Row] {
        let table = store.table(of: schema)
        let creation = schema.position(of: "created_at")!  // every schema has it
        let statements = rows.map { row in
            let update = row.unreadable.contains(creation) ? table.updateWithCreation : table.update
            return Statement(update, [row.id.sqlText] + row.fields.map(\.sqlText))
        }
        return try await runExchanging(statements, of: schema).map { result in
            guard result.rows == 1 else { throw DomainError.notFound }
            return try result.row(0, of: schema)
        }
    }

    /// Runs updates of rows that may exchange what has to be unique: it is so when all are done. (The constraints are deferrable.)
    private func runExchanging(_ updates: [Statement], of schema: Schema) async throws -> ArraySlice<PostgresResult> {
        guard updates.count > 1, !schema.unique.isEmpty else { return try await run(updates, writing: schema)[...] }
        let deferred = [Statement("SET CONSTRAINTS ALL DEFERRED")] + updates + [Statement("SET CONSTRAINTS ALL IMMEDIATE")]
        return try await run(deferred, writing: schema).dropFirst().dropLast()
    }

    func delete(_ id: Value, of schema: Schema) async throws {
        _ = try await run([Statement(store.table(of: schema).delete, [id.sqlText])], writing: schema)
    }

    func insertMissing(_ rows: [(id: Value, fields: [Value])], into schema: Schema) async throws -> Set<Value> {
        let table = store.table(of: schema)
        let arrays = Self.arrays(of: rows.map { [$0.id] + $0.fields }, columns: 1 + schema.fields.count)
        var statements = [Statement(table.insertMissing, arrays)]
        if schema.keyKind == .integer, let highest = rows.compactMap({ Int64($0.id) }).max(), highest > 0 {
            statements.append(Statement(table.reserveIDs, [String(highest)]))
        }
        return Set(try await run(statements, writing: schema)[0].ids(of: schema))
    }

    func owned(_ rows: OwnedRows, by owners: [Value], of schema: Schema) async throws -> [OwnedRow] {
        let sql = store.table(of: schema).owned(rows)
        return try await run([Statement(sql.find, [ArrayLiteral.encode(values: owners)])])[0].owned(rows)
    }

    func upsert(_ rows: [OwnedRow], into owned: OwnedRows, of schema: Schema) async throws -> Set<Value> {
        let sql = store.table(of: schema).owned(owned)
        let arrays = Self.arrays(of: rows.map(\.allValues), columns: owned.allColumns.count)
        let written = Written(table: owned.table, columns: owned.allColumns)
        return try await run([Statement(sql.upsert, arrays)], writing: written)[0].owners(owned)
    }

    /// One array for each column, so that a statement has as many parameters as columns for any number of rows.
    private static func arrays(of rows: [[Value]], columns: Int) -> [String?] {
        (0..<columns).map { column in ArrayLiteral.encode(values: rows.lazy.map { $0[column] }) }
    }

    private func run(_ statements: [Statement], writing schema: Schema) async throws -> [PostgresResult] {
        try await run(statements, writing: Written(table: schema.resource, columns: Array(schema.fieldColumns)))
    }

    /// - Parameter written: what the statements write to, if they do.
    func run(_ statements: [Statement], writing written: Written? = nil) async throws -> [PostgresResult] {
        // What is written first gives the transaction its id anyway, so it is asked for with that.
        let asksID = written != nil && id == nil
        let results: [PostgresResult]
        do throws(PostgresError) {
            results = try await transaction.run(asksID ? [Statement(Self.identify)] + statements : statements)
        } catch {
            let constraint = written.flatMap { error.constraintError(writing: $0, resource: store.resource(ofTable:)) }
            throw (constraint ?? error.domainError) ?? error as any Error
        }
        guard asksID else { return results }
        _ = try readID(results[0])
        return Array(results.dropFirst())
    }
}
