internal import Domain

/// Makes an order from a body: of its amounts, or of its lines.
struct OrderCreation {
    let service: Service
    let taxPercent: Percent

    func callAsFunction(_ json: [UInt8]) async throws -> Stored<Order> {
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

    private static func read(_ json: [UInt8]) throws -> Body {
        var problems: [FieldProblem] = []
        var order: RecordBody<Order>?
        var lines: [RecordBody<OrderPlacement.Line>]?
        try JSONBody.decode(json) { decoder in
            let body = try RecordBody<Order>(from: decoder, extras: ["lines"])
            order = body
            guard body.givenExtras.contains("lines") else { return }
            guard var array = try? decoder.container(keyedBy: MemberName.self).nestedUnkeyedContainer(forKey: lineName) else {
                problems.append(FieldProblem(field: "lines", "expects an array of objects with product_id and quantity"))
                lines = []
                return
            }
            if !(1...OrderPlacement.maximumLines ~= (array.count ?? 0)) {
                problems.append(FieldProblem(field: "lines", "has 1 to \(OrderPlacement.maximumLines) elements"))
            }
            lines = []
            while !array.isAtEnd, lines!.count < OrderPlacement.maximumLines {
                let pointer = "/lines/\(lines!.count)"
                let element = try array.superDecoder()
                guard var line = try? RecordBody<OrderPlacement.Line>(from: element, at: pointer) else {
                    problems.append(FieldProblem(pointer: pointer, detail: "expects an object with product_id and quantity"))
                    return
                }
                line.demandAll()
                lines!.append(line)
            }
        }
        var body = order!  // what could not be read has thrown
        guard let lines else { return .amounts(try body.record()) }
        body.demandAll(but: ["net_amount", "tax"])
        for (field, _) in body.values where field.name == "net_amount" || field.name == "tax" {
            problems.append(FieldProblem(field: field.name, "is computed from the lines"))
        }
        problems = body.problems + problems + lines.flatMap(\.problems)
        guard problems.isEmpty else { throw DomainError.invalid(problems) }
        return .lines(try body.merged(into: Order()), try lines.map { try $0.record() })
    }

    private static let lineName = MemberName(stringValue: "lines")
}
