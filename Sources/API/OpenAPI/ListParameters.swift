internal import Model

/// The parameters of lists and counts, from a resource's declaration.
struct ListParameters {
    private let schema: Schema
    private let samples: SampleRows

    init(_ schema: Schema, _ samples: SampleRows) {
        self.schema = schema
        self.samples = samples
    }

    /// Of a list: how it is cut and sorted, what is shown, and the filters.
    var list: [JSONLiteral] { paging.map { reference("parameters", $0.name) } + projection + filters }

    /// What is shown of a row, and within it.
    var projection: [JSONLiteral] { projections.map { reference("parameters", $0.name) } }

    /// The filters alone.
    var filters: [JSONLiteral] { descriptions.map { reference("parameters", $0.name) } }

    /// The components that the references above name.
    var components: [JSONLiteral.Member] { [sort] + projections + descriptions }

    private var paging: [JSONLiteral.Member] { Parameters.paging + [sort] }

    private var sort: JSONLiteral.Member {
        let columns = schema.columns.filter(\.isSortable).map(\.name)
        let keys = columns.flatMap { [$0, "-" + $0] }
        let indexed = schema.columns.filter(\.isIndexed).map(\.name).joined(separator: ", ")
        // A key cannot be ascending and descending.
        let twice = columns.map { name -> JSONLiteral in
            ["allOf": [["contains": ["const": .string(name)]], ["contains": ["const": "-\(name)"]]]]
        }
        return JSONLiteral.Member(
            name: "\(schema.resource).sort",
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

    private var projections: [JSONLiteral.Member] {
        let fields = schema.columns.map(\.name)
        let parts = schema.parts.map(\.name)
        return [names("fields", "Shows these fields alone.", fields)]
            + (parts.isEmpty ? [] : [names("include", "Shows these rows within each row.", parts)])
    }

    /// A parameter that lists some of the names that there are.
    private func names(_ name: String, _ description: String, _ known: [String]) -> JSONLiteral.Member {
        JSONLiteral.Member(
            name: "\(schema.resource).\(name)",
            value: [
                "name": .string(name), "in": "query", "style": "form", "explode": false, "description": .string(description),
                "schema": [
                    "type": "array", "minItems": 1, "uniqueItems": true, "items": ["enum": JSONLiteral(known)],
                ],
                "example": [.string(known[0])],
            ])
    }

    private var descriptions: [JSONLiteral.Member] {
        zip(schema.columns, ResourceSchemas(schema, samples).sample.values).flatMap { column, sample in
            Query.Comparison.allCases.compactMap { filter(column, $0, sample) }
        }
    }

    private func filter(_ column: Column, _ comparison: Query.Comparison, _ sample: Value) -> JSONLiteral.Member? {
        let one = column.choices.map { ["enum": JSONLiteral($0)] } ?? Parameters.text(of: column.kind)
        let (name, what) = (column.name, comparison.rawValue)
        guard comparison.misfit(column) == nil else { return nil }
        var allowed = one
        var example = column.kind == .bool ? "false" : JSONLiteral(sample)
        switch comparison.operand {
        case .value: break
        case .list:
            allowed = [
                "type": "array", "minItems": 1, "maxItems": JSONLiteral(Int64(Query.maximumListLength)),
                "items": Parameters.item(one, column.kind),
            ]
            example = [column.kind == .text ? .string(Self.part(of: sample, before: ",")) : example]
        case .part:
            allowed = Parameters.text(of: .text)
            example = .string(Self.part(of: sample, before: " "))
        case .flag:
            allowed = Parameters.text(of: .bool)
            example = "true"
        case .none: return nil
        }
        var parameter: JSONLiteral = [
            "name": .string(comparison == .equal ? name : "\(name)[\(what)]"), "in": "query",
            "description": .string(comparison.sentence(name)), "schema": allowed, "example": example,
        ]
        if comparison.operand == .list { parameter = parameter.adding(["style": "form", "explode": false]) }
        return JSONLiteral.Member(name: "\(schema.resource).\(name).\(what)", value: parameter)
    }

    /// The beginning of a text.
    private static func part(of sample: Value, before end: Character) -> String {
        String((sample.text ?? "").prefix { $0 != end })
    }
}
