internal import Domain

/// Reads an order that is to be made: of its amounts, or of its lines.
struct OrderCreation {
    let taxPercent: Percent

    func read(_ json: JSONValue, at pointer: String) throws(DomainError) -> Creation<Order> {
        var body = try RecordBody<Order>(json, at: pointer, extras: ["lines"])
        guard let given = json["lines"] else {
            let order = try body.record()
            return { try await $0.insert(order) }
        }
        body.demandAll(but: ["net_amount", "tax"])
        var problems = body.problems
        for (field, _) in body.values where field.name == "net_amount" || field.name == "tax" {
            problems.append(FieldProblem(field: field.name, of: pointer, "is computed from the lines"))
        }
        let lines = Self.lines(given, at: "\(pointer)/lines", &problems)
        guard problems.isEmpty else { throw .invalid(problems) }
        var parts: [OrderPlacement.Line] = []
        for line in lines { parts.append(try line.record()) }
        let order = try body.merged(into: Order())
        let placement = OrderPlacement(
            orderDate: order.orderDate, customerID: order.customerID, lines: parts, taxPercent: taxPercent)
        return { try await placement.place(in: $0) }
    }

    private static func lines(
        _ json: JSONValue, at pointer: String, _ problems: inout [FieldProblem]
    ) -> [RecordBody<OrderPlacement.Line>] {
        guard case .array(let elements) = json, 1...OrderPlacement.maximumLines ~= elements.count else {
            let detail = "expects an array of 1 to \(OrderPlacement.maximumLines) objects with product_id and quantity"
            problems.append(FieldProblem(pointer: pointer, detail: detail))
            return []
        }
        var lines: [RecordBody<OrderPlacement.Line>] = []
        for (index, element) in elements.enumerated() {
            do throws(DomainError) {
                var line = try RecordBody<OrderPlacement.Line>(element, at: "\(pointer)/\(index)")
                line.demandAll()
                problems += line.problems
                lines.append(line)
            } catch {
                if case .invalid(let found) = error { problems += found }
            }
        }
        return lines
    }
}
