internal import Domain

/// A unit of work as statements of one transaction.
final class PostgresUnit: StoreTransaction {
    let transaction: PostgresTransaction
    private let store: PostgresStore

    init(_ transaction: PostgresTransaction, _ store: PostgresStore) {
        self.transaction = transaction
        self.store = store
    }

    func find<E: Entity>(_ ids: [ID<E>]) async throws -> [Stored<E>] {
        guard !ids.isEmpty else { return [] }
        let sql = store.sql(of: E.self)
        let literal = ArrayLiteral.encode(ids.map { $0.value.sqlText })
        let result = try await run([Statement(sql.lock, [literal])], on: E.self)[0]
        return (0..<result.rows).map { sql.rowToReplace(result, $0) }
    }

    func insert<E: Entity>(_ value: E, id: ID<E>?) async throws -> Stored<E> {
        let sql = store.sql(of: E.self)
        let statement =
            id.map { Statement(sql.insertWithID, [$0.value.sqlText] + sql.values(of: value)) }
            ?? Statement(sql.insert, sql.values(of: value))
        return try sql.row(try await run([statement], on: E.self)[0], 0)
    }

    func update<E: Entity>(_ rows: [Stored<E>]) async throws -> [Stored<E>] {
        let sql = store.sql(of: E.self)
        let statements = rows.map { row in
            let update = row.unreadable.contains("created_at") ? sql.updateWithCreation : sql.update
            return Statement(update, [row.id.value.sqlText] + sql.values(of: row.value))
        }
        let results = try await runExchanging(statements, on: E.self)
        return try results.map { result in
            guard result.rows == 1 else { throw DomainError.notFound }
            return try sql.row(result, 0)
        }
    }

    /// Runs updates of rows that may exchange what has to be unique: it is so when all are done. (The constraints are deferrable.)
    private func runExchanging<E: Entity>(
        _ updates: [Statement], on entity: E.Type
    ) async throws -> ArraySlice<PostgresResult> {
        guard updates.count > 1, E.fields.contains(where: \.rules.isUnique) else {
            return try await run(updates, on: E.self)[...]
        }
        let deferred = [Statement("SET CONSTRAINTS ALL DEFERRED")] + updates + [Statement("SET CONSTRAINTS ALL IMMEDIATE")]
        return try await run(deferred, on: E.self).dropFirst().dropLast()
    }

    func delete<E: Entity>(_ id: ID<E>) async throws {
        _ = try await run([Statement(store.sql(of: E.self).delete, [id.value.sqlText])], on: E.self)
    }

    func insertMissing<E: Entity>(_ rows: [(id: ID<E>, value: E)]) async throws -> Set<ID<E>> {
        guard !rows.isEmpty else { return [] }
        let sql = store.sql(of: E.self)
        let columns = [ArrayLiteral.encode(rows.map { $0.id.value.sqlText })] + Self.columns(of: rows.map(\.value))
        var statements = [Statement(sql.insertMissing, columns)]
        if E.Key.kind == .integer, let highest = rows.compactMap({ Int64($0.id.value) }).max(), highest > 0 {
            statements.append(Statement(sql.reserveIDs, [String(highest)]))
        }
        let result = try await run(statements, on: E.self)[0]
        return Set(try sql.ids(result))
    }

    func upsert(lines: [OrderLine]) async throws -> Set<ID<Order>> {
        guard !lines.isEmpty else { return [] }
        let statement = Statement(Self.upsertLines, Self.columns(of: lines))
        let result = try await run([statement], on: OrderLine.resource, OrderLine.fields)[0]
        return Set(try store.sql(of: Order.self).ids(result))
    }

    private static let upsertLines: SQL = {
        let names = OrderLine.fields.map(\.name.quoted).joined(separator: ", ")
        let arrays = OrderLine.fields.enumerated().map { "$\($0 + 1)::\($1.kind.sqlType)[]" }.joined(separator: ", ")
        return SQL.pinned(
            """
            INSERT INTO \(OrderLine.resource) (\(names)) SELECT * FROM unnest(\(arrays)) ON CONFLICT (order_id, line_number) \
            DO UPDATE SET product_id = excluded.product_id, quantity = excluded.quantity \
            WHERE (\(OrderLine.resource).product_id, \(OrderLine.resource).quantity) <> (excluded.product_id, excluded.quantity) \
            RETURNING order_id
            """)
    }()

    /// One array for each field, so that a statement has as many parameters as fields for any number of rows.
    private static func columns<R: Record>(of records: [R]) -> [String?] {
        R.fields.map { field in ArrayLiteral.encode(records.map { field.value(of: $0).sqlText }) }
    }

    private func run<E: Entity>(_ statements: [Statement], on entity: E.Type) async throws -> [PostgresResult] {
        try await run(statements, on: E.resource, E.fields)
    }

    private func run<R: Record>(
        _ statements: [Statement], on table: String, _ fields: [Field<R>]
    ) async throws -> [PostgresResult] {
        do throws(PostgresError) {
            return try await transaction.run(statements)
        } catch {
            let references = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.rules.references) })
            let constraint = error.constraintError(writing: table, fields: references)
            throw (constraint ?? error.domainError) ?? error as any Error
        }
    }
}
