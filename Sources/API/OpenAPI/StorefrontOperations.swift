internal import Domain
internal import HTTPServer

/// What customers and orders have beside the operations of every resource.
enum StorefrontOperations {
    static func describe(in catalog: inout OperationCatalog) {
        let customer = ResourceSchemas<Customer>.self
        catalog[.get, "/v1/customers/{id}/summary"] = Operation(
            id: "summarize\(customer.name)", tag: Customer.resource, summary: "What a customer bought in all",
            parameters: [Parameters.id(of: Customer.self)] + Parameters.ofReads,
            answers: [
                (.ok, Answers.representation("The summary.", reference("schemas", "CustomerSummary"), example: summaryExample)),
                (.notModified, Answers.notModified),
            ], problems: [.notFound] + Problems.ofReads)

        let one: JSONLiteral = ["oneOf": [reference("schemas", "OrderPlacement"), ResourceSchemas<Order>.input]]
        catalog[.post, "/v1/orders"]?.content = [
            (
                "application/json",
                ["oneOf": [one, ResourceOperations<Order>.array(of: one)]],
                placementExample
            )
        ]
    }

    static var schemas: [JSONLiteral.Member] {
        [
            JSONLiteral.Member(name: "CustomerSummary", value: summary),
            JSONLiteral.Member(name: "OrderPlacement", value: placement),
        ]
    }

    // MARK: Orders with lines

    private static var placement: JSONLiteral {
        let lines: JSONLiteral = [
            "type": "array", "minItems": 1, "maxItems": JSONLiteral(Int64(OrderPlacement.maximumLines)),
            "items": RecordSchema<OrderPlacement.Line>.whole(),
        ]
        return RecordSchema<Order>.whole(
            without: computed, extras: [JSONLiteral.Member(name: "lines", value: lines)]
        ).adding([
            "description":
                "An order that takes its prices from the products, and the products from the stock. Tax and total are computed."
        ])
    }

    private static var placementExample: JSONLiteral {
        let line = RecordSchema<OrderPlacement.Line>.example(of: OrderLine.resource)
        return RecordSchema<Order>.example(of: Order.resource, without: computed).adding(["lines": [line]])
    }

    private static let computed: Set<String> = ["net_amount", "tax"]

    // MARK: Summaries

    private static var summary: JSONLiteral {
        let day: JSONLiteral = ["type": ["string", "null"], "format": "date"]
        let properties: JSONLiteral = [
            "customer_id": JSONSchema.of(.integer), "orders": ["type": "integer", "minimum": 0],
            "total_spent": JSONSchema.of(.money), "first_order_date": day, "last_order_date": day,
            "favourite_category": [
                "type": ["string", "null"], "description": "The name of the category of which the customer bought most.",
            ],
        ]
        guard case .object(let members) = properties else { return properties }
        return ["type": "object", "required": JSONLiteral(members.map(\.name)), "properties": properties]
    }

    private static let summaryExample: JSONLiteral = [
        "customer_id": 1, "orders": 2, "total_spent": "108.25", "first_order_date": "2024-03-10",
        "last_order_date": "2024-11-02", "favourite_category": "Games",
    ]
}
