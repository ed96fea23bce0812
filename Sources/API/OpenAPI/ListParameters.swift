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
        let columns = E.schema.columns.filter(\.isSortable).map(\.name)
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
        let sample = column.value(of: ResourceSchemas<E>.sample)
        let sentence: String
        var schema = one
        var example = column.kind == .bool ? "false" : JSONLiteral(sample)
        switch comparison {
        case .equal: sentence = "\(name) has this value."
        case .notEqual: sentence = "\(name) has another value, and is not null."
        case .less: sentence = "\(name) is less."
        case .lessOrEqual: sentence = "\(name) is less or equal."
        case .greater: sentence = "\(name) is greater."
        case .greaterOrEqual: sentence = "\(name) is greater or equal."
        case .isIn:
            sentence = "\(name) is one of these."
            schema = [
                "type": "array", "minItems": 1, "maxItems": JSONLiteral(Int64(Query<E>.maximumListLength)),
                "items": Parameters.item(one, column.kind),
            ]
            example = [column.kind == .text ? .string(part(of: sample, before: ",")) : example]
        case .contains:
            guard column.kind == .text else { return nil }
            sentence = "\(name) holds this part, in this case of letters."
            schema = Parameters.text(of: .text)
            example = .string(part(of: sample, before: " "))
        case .isNull:
            guard column.isOptional else { return nil }
            sentence = "Whether \(name) is null."
            schema = Parameters.text(of: .bool)
            example = "true"
        case .isNotNull: return nil
        }
        var parameter: JSONLiteral = [
            "name": .string(comparison == .equal ? name : "\(name)[\(what)]"), "in": "query", "description": .string(sentence),
            "schema": schema, "example": example,
        ]
        if comparison == .isIn { parameter = parameter.adding(["style": "form", "explode": false]) }
        return JSONLiteral.Member(name: "\(E.resource).\(name).\(what)", value: parameter)
    }

    /// The beginning of a text.
    private static func part(of sample: Value, before end: Character) -> String {
        String((sample.text ?? "").prefix { $0 != end })
    }
}
