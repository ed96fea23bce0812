public import Domain

extension PostgresStore: PartSource {
    public func rows<E: Entity>(_ ids: [ID<E>], _ context: ReadContext) async throws -> [Stored<E>] {
        let sql = sql(of: E.self)
        let list = ArrayLiteral.encode(ids.map { $0.value.sqlText })
        return try sql.rows(try await read([Statement(sql.find, [list])], deadline: context.deadline)[0])
    }

    public func lines(of orders: [ID<Order>], _ context: ReadContext) async throws -> [OrderLine] {
        let list = ArrayLiteral.encode(orders.map { $0.value.sqlText })
        let result = try await read([Statement(Self.lines, [list])], deadline: context.deadline)[0]
        return try (0..<result.rows).map { row in
            var line = OrderLine()
            for (column, field) in OrderLine.fields.enumerated() {
                guard let value = result.value(row, column, field.kind), field.assign(value, to: &line) else {
                    throw UnexpectedRow(table: OrderLine.resource, column: field.name)
                }
            }
            return line
        }
    }

    private static let lines = SQL(
        """
        SELECT \(OrderLine.fields.map(\.name.quoted).joined(separator: ", ")) FROM \(OrderLine.resource) \
        WHERE order_id = ANY ($1::bigint[]) ORDER BY order_id, line_number
        """)
}
