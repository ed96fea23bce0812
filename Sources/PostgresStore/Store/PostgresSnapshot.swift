internal import Domain

/// The database as it was at one moment: rows, and what is shown within them.
struct PostgresSnapshot: PartSource {
    let transaction: PostgresTransaction
    let store: PostgresStore

    func rows<E: Entity>(_ ids: [ID<E>], _ context: ReadContext) async throws -> [Stored<E>] {
        let sql = store.sql(of: E.self)
        let list = ArrayLiteral.encode(ids.map { $0.value.sqlText })
        return try sql.rows(try await transaction.run(Statement(sql.findFirst, [list])))
    }

    func lines(of orders: [ID<Order>], _ context: ReadContext) async throws -> [OrderLine] {
        let list = ArrayLiteral.encode(orders.map { $0.value.sqlText })
        let result = try await transaction.run(Statement(Self.lines, [list]))
        return try (0..<result.rows).map { row in
            var line = OrderLine()
            for (column, field) in OrderLine.fields.enumerated() {
                guard let value = result.value(row, column, field.kind), field.assign(value, to: &line) else {
                    throw UnreadableRow(resource: OrderLine.resource, field: field.name)
                }
            }
            return line
        }
    }

    private static let lines = SQL.pinned(
        """
        SELECT \(OrderLine.fields.map(\.name.quoted).joined(separator: ", ")) FROM \(OrderLine.resource) \
        WHERE order_id = ANY ($1::bigint[]) ORDER BY order_id, line_number
        """)
}
