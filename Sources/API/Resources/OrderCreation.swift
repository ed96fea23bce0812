internal import Domain

/// Makes an order from a body: of its amounts, or of its lines.
struct OrderCreation {
    let service: Service
    let taxPercent: Percent

    func callAsFunction(_ json: JSONValue) async throws -> Stored<Order> {
        switch try Self.read(json) {
        case .amounts(let order):
            return try await service.write { try await $0.insert(order) }
        case .lines(let order, let lines):
            let placement = OrderPlacement(
                orderDate: order.orderDate, customerID: order.customerID, lines: lines, taxPercent: taxPercent)
            return try await service.write { try await placement.place(in: $0) }
        }
    }

    private enum Body {
        case amounts(Order)
        case lines(Order, [OrderPlacement.Line])
    }

    private static func read(_ json: JSONValue) throws(DomainError) -> Body {
        var body = try RecordBody<Order>(json, extras: ["lines"])
        guard case .object(let members) = json, let given = members.first(where: { $0.name == "lines" }) else {
            return .amounts(try body.record())
        }
        body.demandAll(but: ["net_amount", "tax"])
        var problems = body.problems
        for (field, _) in body.values where field.name == "net_amount" || field.name == "tax" {
            problems.append(FieldProblem(field: field.name, "is computed from the lines"))
        }
        let lines = Self.lines(given.value, &problems)
        guard problems.isEmpty else { throw .invalid(problems) }
        var parts: [OrderPlacement.Line] = []
        for line in lines { parts.append(try line.record()) }
        return .lines(try body.merged(into: Order()), parts)
    }

    private static func lines(_ json: JSONValue, _ problems: inout [FieldProblem]) -> [RecordBody<OrderPlacement.Line>] {
        guard case .array(let elements) = json, 1...OrderPlacement.maximumLines ~= elements.count else {
            let detail = "expects an array of 1 to \(OrderPlacement.maximumLines) objects with product_id and quantity"
            problems.append(FieldProblem(field: "lines", detail))
            return []
        }
        var lines: [RecordBody<OrderPlacement.Line>] = []
        for (index, element) in elements.enumerated() {
            do throws(DomainError) {
                var line = try RecordBody<OrderPlacement.Line>(element, at: "/lines/\(index)")
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
