internal import Model

/// A resource's rows, pages and bodies as JSON Schemas, with examples.
struct ResourceSchemas {
    private let schema: Schema
    private let samples: SampleRows

    init(_ schema: Schema, _ samples: SampleRows) {
        self.schema = schema
        self.samples = samples
    }

    /// What the schemas are named after: the capitalized singular.
    var name: String { schema.singular.pascalCase }
    /// The same for several.
    var plural: String { schema.resource.pascalCase }

    var row: JSONLiteral { reference("schemas", name) }
    /// A row as reads show it: `fields` leaves some out, `include` adds others.
    var shown: JSONLiteral { reference("schemas", name + "Shown") }
    var page: JSONLiteral { reference("schemas", name + "Page") }
    var input: JSONLiteral { reference("schemas", name + "Input") }
    var patch: JSONLiteral { reference("schemas", name + "Patch") }

    /// What a batch answers.
    var rows: JSONLiteral {
        ["type": "object", "required": ["items"], "properties": ["items": ["type": "array", "items": row]]]
    }

    /// A change of the row whose id it has.
    var identifiedPatch: JSONLiteral {
        fields.patch(extras: [JSONLiteral.Member(name: "id", value: JSONSchema.of(schema.keyKind))])
    }

    /// The components that the references above name.
    var components: [JSONLiteral.Member] {
        [
            JSONLiteral.Member(name: name, value: rowSchema), JSONLiteral.Member(name: name + "Page", value: pageSchema),
            JSONLiteral.Member(name: name + "Shown", value: shownSchema),
            JSONLiteral.Member(name: name + "Input", value: fields.whole()),
            JSONLiteral.Member(name: name + "Patch", value: fields.patch()),
        ]
    }

    /// What a row has of its own.
    private var fields: RecordSchema { RecordSchema(Array(schema.fieldColumns)) }

    private var columns: [JSONLiteral.Member] {
        schema.columns.map { column in
            let value = JSONSchema.of(column)
            return JSONLiteral.Member(name: column.name, value: column.isGiven ? value : value.adding(["readOnly": true]))
        }
    }

    private var rowSchema: JSONLiteral {
        ["type": "object", "required": JSONLiteral(columns.map(\.name)), "properties": .object(columns)]
    }

    private var shownSchema: JSONLiteral {
        let parts = schema.parts.map { part in
            let value: JSONLiteral =
                switch part.source {
                case .reference(_, let entity): ResourceSchemas(entity.schema, samples).row
                case .owned(let owned): ["type": "array", "items": RecordSchema(owned.columns).whole()]
                }
            return JSONLiteral.Member(name: part.name, value: value)
        }
        return ["type": "object", "properties": .object(columns + parts), "additionalProperties": false, "minProperties": 1]
    }

    private var pageSchema: JSONLiteral {
        [
            "type": "object", "required": ["items", "next"],
            "properties": [
                "items": ["type": "array", "maxItems": JSONLiteral(Int64(Query.maximumLimit)), "items": shown],
                "next": ["type": ["string", "null"], "description": "The cursor of the next page; null on the last."],
                "count": ["type": "integer", "minimum": 0, "description": "The rows on all pages, with count=exact."],
            ],
        ]
    }

    // MARK: Examples

    /// The row that the examples are about.
    var sample: Row { samples.row(1, of: schema, at: Timestamp("2026-03-01T09:21:14Z")!) }  // it is one

    var rowExample: JSONLiteral {
        .object(zip(schema.columns, sample.values).map { JSONLiteral.Member(name: $0.name, value: JSONLiteral($1)) })
    }

    var pageExample: JSONLiteral { ["items": [rowExample], "next": .null] }
    var inputExample: JSONLiteral { fields.example(of: Array(sample.fields)) }

    /// One field of a row.
    var patchExample: JSONLiteral {
        guard case .object(let members) = inputExample else { return inputExample }
        return .object(members.suffix(1))
    }

    var identifiedPatchExample: JSONLiteral {
        guard case .object(let members) = rowExample, case .object(let change) = patchExample else { return patchExample }
        return .object(members.prefix(1) + change)
    }
}
