internal import Domain

/// The parameters of lists and counts, from a resource's declaration.
struct ListParameters<E: Entity> {
    /// Of a list: how it is cut and sorted, what is shown, and the filters.
    static var list: [JSONLiteral] { paging.map { reference("parameters", $0.name) } + projection + filters }

    /// What is shown of a row, and within it.
    static var projection: [JSONLiteral] { projections.map { reference("parameters", $0.name) } }

    /// The filters alone.
    static var filters: [JSONLiteral] { descriptions.map { reference("parameters", $0.name) } }

    /// The components that the references above name.
    static var components: [JSONLiteral.Member] { [sort] + projections + descriptions }

    private static var paging: [JSONLiteral.Member] { Parameters.paging + [sort] }

    private static var sort: JSONLiteral.Member {
        let columns = E.schema.columns.map(\.name)
        let keys = columns.flatMap { [$0, "-" + $0] }
        let indexed = E.schema.columns.filter(\.isIndexed).map(\.name).joined(separator: ", ")
        // A key cannot be ascending and descending.
        let twice = columns.map { name -> JSONLiteral in
            ["allOf": [["contains": ["const": .string(name)]], ["contains": ["const": "-\(name)"]]]]
        }
        return JSONLiteral.Member(
            name: "\(E.resource).sort",
            value: [
                "name": "sort", "in": "query", "style": "form", "explode": false,
                "description": .string(
                    "Sort keys, - for descending; the id comes last. Null sorts after everything else. Indexed are \(indexed)."),
                "schema": [
                    "type": "array", "minItems": 1, "uniqueItems": true, "items": ["enum": JSONLiteral(keys)],
                    "not": ["anyOf": .array(twice)],
                ],
                "example": [.string("-" + columns[columns.count - 3])],
            ])
    }

    private static var projections: [JSONLiteral.Member] {
        let fields = E.schema.columns.map(\.name)
        let parts = E.parts.map(\.name)
        return [names("fields", "Shows these fields alone.", fields)]
            + (parts.isEmpty ? [] : [names("include", "Shows these rows within each row.", parts)])
    }

    /// A parameter that lists some of the names that there are.
    private static func names(_ name: String, _ description: String, _ known: [String]) -> JSONLiteral.Member {
        JSONLiteral.Member(
            name: "\(E.resource).\(name)",
            value: [
                "name": .string(name), "in": "query", "style": "form", "explode": false, "description": .string(description),
                "schema": [
                    "type": "array", "minItems": 1, "uniqueItems": true, "items": ["enum": JSONLiteral(known)],
                ],
                "example": [.string(known[0])],
            ])
    }

    private static var descriptions: [JSONLiteral.Member] {
        E.schema.columns.flatMap { column in
            Query<E>.Comparison.allCases.compactMap { Self.filter(column, $0) }
        }
    }

    private static func filter(_ column: Column<E>, _ comparison: Query<E>.Comparison) -> JSONLiteral.Member? {
        let one = column.field?.choices.map { ["enum": JSONLiteral($0)] } ?? Parameters.text(of: column.kind)
        let (name, what) = (column.name, comparison.rawValue)
        let sentence: String
        var schema = one
        switch comparison {
        case .equal: sentence = "\(name) has this value."
        case .notEqual: sentence = "\(name) has another value, and is not null."
        case .less: sentence = "\(name) is less."
        case .lessOrEqual: sentence = "\(name) is less or equal."
        case .greater: sentence = "\(name) is greater."
        case .greaterOrEqual: sentence = "\(name) is greater or equal."
        case .isIn:
            sentence = "\(name) is one of these."
            schema = ["type": "array", "minItems": 1, "maxItems": 100, "items": Parameters.item(one, column.kind)]
        case .contains:
            guard column.kind == .text else { return nil }
            sentence = "\(name) holds this part, in this case of letters."
            schema = Parameters.text(of: .text)
        case .isNull:
            guard column.isOptional else { return nil }
            sentence = "Whether \(name) is null."
            schema = Parameters.text(of: .bool)
        case .isNotNull: return nil
        }
        var parameter: JSONLiteral = [
            "name": .string(comparison == .equal ? name : "\(name)[\(what)]"), "in": "query", "description": .string(sentence),
            "schema": schema,
        ]
        if comparison == .isIn { parameter = parameter.adding(["style": "form", "explode": false]) }
        return JSONLiteral.Member(name: "\(E.resource).\(name).\(what)", value: parameter)
    }
}

/// The parameters that do not depend on a resource.
enum Parameters {
    static let paging: [JSONLiteral.Member] = [
        JSONLiteral.Member(
            name: "limit",
            value: [
                "name": "limit", "in": "query", "description": "How many rows a page has at most.",
                "schema": ["type": "integer", "minimum": 1, "maximum": 200, "default": 50],
            ]),
        JSONLiteral.Member(
            name: "cursor",
            value: [
                "name": "cursor", "in": "query", "schema": ["type": "string"],
                "description": "The next of the page before this one. It fits only the same filters and the same sort.",
            ]),
        JSONLiteral.Member(
            name: "count",
            value: [
                "name": "count", "in": "query", "description": "Adds count: the rows on all pages.",
                "schema": ["enum": ["exact"]],
            ]),
    ]

    static let headers: [JSONLiteral.Member] = [
        condition("If-Match", "The change happens only if the row still has this ETag."),
        condition(
            "If-None-Match", "For reads: 304 if the representation still has this ETag. For changes: only if it has another."),
    ]

    private static func condition(_ name: String, _ description: String) -> JSONLiteral.Member {
        JSONLiteral.Member(
            name: name,
            value: [
                "name": .string(name), "in": "header", "description": .string(description), "schema": ["type": "string"],
                "example": "\"0123456789abcdef0123456789abcdef\"",
            ])
    }

    static let ifMatch = reference("parameters", "If-Match")
    static let ifNoneMatch = reference("parameters", "If-None-Match")

    /// The id in a path.
    static func id(_ kind: Kind, of resource: String) -> JSONLiteral {
        ["name": "id", "in": "path", "required": true, "description": "Which of the \(resource).", "schema": JSONSchema.of(kind)]
    }

    /// A value of a kind in a query, where all is text.
    static func text(of kind: Kind) -> JSONLiteral {
        kind == .bool ? ["enum": ["true", "false", "t", "f", "1", "0"]] : JSONSchema.of(kind)
    }

    /// A value in a list that commas divide.
    static func item(_ schema: JSONLiteral, _ kind: Kind) -> JSONLiteral {
        guard kind == .text, case .object(let members) = schema, !members.contains(where: { $0.name == "enum" }) else {
            return schema
        }
        return ["type": "string", "pattern": #"^[^,\x00]*$"#]
    }
}
