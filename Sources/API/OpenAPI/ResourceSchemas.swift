internal import Domain

/// A resource's rows, pages and bodies as JSON Schemas, with examples.
struct ResourceSchemas<E: Entity> {
    /// What the schemas are named after: `Product`.
    static var name: String { capitalized(E.singular) }
    /// The same for several: `Products`.
    static var plural: String { capitalized(E.resource) }

    private static func capitalized(_ words: String) -> String {
        words.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    static var row: JSONLiteral { reference("schemas", name) }
    /// A row as reads show it: `fields` leaves some out, `include` adds others.
    static var shown: JSONLiteral { reference("schemas", name + "Shown") }
    static var page: JSONLiteral { reference("schemas", name + "Page") }
    static var input: JSONLiteral { reference("schemas", name + "Input") }
    static var patch: JSONLiteral { reference("schemas", name + "Patch") }

    /// What a batch answers.
    static var rows: JSONLiteral {
        ["type": "object", "required": ["items"], "properties": ["items": ["type": "array", "items": row]]]
    }

    /// A change of the row whose id it has.
    static var identifiedPatch: JSONLiteral {
        RecordSchema<E>.patch(extras: [JSONLiteral.Member(name: "id", value: JSONSchema.of(E.Key.kind))])
    }

    static var identifiedPatchExample: JSONLiteral {
        guard case .object(let members) = rowExample, case .object(let change) = patchExample else { return patchExample }
        return .object(members.prefix(1) + change)
    }

    /// The components that the references above name.
    static var components: [JSONLiteral.Member] {
        [
            JSONLiteral.Member(name: name, value: rowSchema), JSONLiteral.Member(name: name + "Page", value: pageSchema),
            JSONLiteral.Member(name: name + "Shown", value: shownSchema),
            JSONLiteral.Member(name: name + "Input", value: RecordSchema<E>.whole()),
            JSONLiteral.Member(name: name + "Patch", value: RecordSchema<E>.patch()),
        ]
    }

    private static var columns: [JSONLiteral.Member] {
        E.schema.columns.map { column in
            var schema = column.field.map { JSONSchema.of($0) } ?? JSONSchema.of(column.kind)
            if column.field?.rules.isDerived ?? true { schema = schema.adding(["readOnly": true]) }
            return JSONLiteral.Member(name: column.name, value: schema)
        }
    }

    private static var rowSchema: JSONLiteral {
        ["type": "object", "required": JSONLiteral(columns.map(\.name)), "properties": .object(columns)]
    }

    private static var shownSchema: JSONLiteral {
        let parts = E.parts.map { part in
            JSONLiteral.Member(
                name: part.name,
                value: {
                    switch part.source {
                    case .reference(_, let resource): Self.row(of: Resources.named(resource)!)
                    case .lines: ["type": "array", "items": RecordSchema<OrderPlacement.Line>.whole()]
                    }
                }())
        }
        return ["type": "object", "properties": .object(columns + parts), "additionalProperties": false, "minProperties": 1]
    }

    private static func row<P: Entity>(of entity: P.Type) -> JSONLiteral { ResourceSchemas<P>.row }

    private static var pageSchema: JSONLiteral {
        [
            "type": "object", "required": ["items", "next"],
            "properties": [
                "items": ["type": "array", "maxItems": JSONLiteral(Int64(Query<E>.maximumLimit)), "items": shown],
                "next": ["type": ["string", "null"], "description": "The cursor of the next page; null on the last."],
                "count": ["type": "integer", "minimum": 0, "description": "The rows on all pages, with count=exact."],
            ],
        ]
    }

    // MARK: Examples

    /// The row that the examples are about.
    static var sample: Stored<E> {
        let rows = SampleRows { _ in 1 }
        let time = Timestamp("2026-03-01T09:21:14Z")!  // it is one
        return Stored(
            id: rows.id(1, of: E.self), value: rows.record(1, of: E.resource), createdAt: time, updatedAt: time, version: 1)
    }

    static var rowExample: JSONLiteral {
        let row = sample
        return .object(E.schema.columns.map { JSONLiteral.Member(name: $0.name, value: JSONLiteral($0.value(of: row))) })
    }

    static var pageExample: JSONLiteral { ["items": [rowExample], "next": .null] }
    static var inputExample: JSONLiteral { RecordSchema<E>.example(of: E.resource) }

    /// One field of a row.
    static var patchExample: JSONLiteral {
        guard case .object(let members) = inputExample else { return inputExample }
        return .object(members.suffix(1))
    }
}

/// The bodies of one record.
enum RecordSchema<R: Record> {
    /// All that is to be given.
    ///
    /// - Parameter omitted: fields that this body must not have.
    static func whole(without omitted: Set<String> = [], extras: [JSONLiteral.Member] = []) -> JSONLiteral {
        let fields = given(omitted)
        return [
            "type": "object", "required": JSONLiteral(fields.filter(\.isRequired).map(\.name) + extras.map(\.name)),
            "properties": .object(properties(fields) + extras), "additionalProperties": false,
        ]
    }

    /// Some of it (RFC 7396); null clears a field that may be null.
    ///
    /// - Parameter extras: what has to be there beside the fields.
    static func patch(extras: [JSONLiteral.Member] = []) -> JSONLiteral {
        let schema: JSONLiteral = [
            "type": "object", "properties": .object(extras + properties(given([]))), "additionalProperties": false,
        ]
        return extras.isEmpty ? schema : schema.adding(["required": JSONLiteral(extras.map(\.name))])
    }

    static func example(of resource: String, without omitted: Set<String> = []) -> JSONLiteral {
        let record: R = SampleRows { _ in 1 }.record(1, of: resource)
        return .object(given(omitted).map { JSONLiteral.Member(name: $0.name, value: JSONLiteral($0.value(of: record))) })
    }

    private static func given(_ omitted: Set<String>) -> [Field<R>] {
        R.fields.filter { !$0.rules.isDerived && !omitted.contains($0.name) }
    }

    private static func properties(_ fields: [Field<R>]) -> [JSONLiteral.Member] {
        fields.map { JSONLiteral.Member(name: $0.name, value: JSONSchema.of($0)) }
    }
}
