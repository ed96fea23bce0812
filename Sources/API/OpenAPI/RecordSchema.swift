internal import Model

/// A record's columns as JSON Schemas.
struct RecordSchema {
    private let columns: [Column]

    init(_ columns: [Column]) { self.columns = columns }

    /// A body with all that is to be given.
    ///
    /// - Parameters:
    ///   - omitted: the positions of fields that this body must not have.
    ///   - extras: what it must have beside the fields.
    func whole(without omitted: Set<Int> = [], extras: [JSONLiteral.Member] = []) -> JSONLiteral {
        let given = given(omitted).map { columns[$0] }
        return [
            "type": "object", "required": JSONLiteral(given.filter(\.isRequired).map(\.name) + extras.map(\.name)),
            "properties": .object(Self.properties(given) + extras), "additionalProperties": false,
        ]
    }

    /// A body with some of it (RFC 7396); null clears a field that may be null.
    ///
    /// - Parameter extras: what has to be there beside the fields.
    func patch(extras: [JSONLiteral.Member] = []) -> JSONLiteral {
        let schema: JSONLiteral = [
            "type": "object", "properties": .object(extras + Self.properties(columns.filter(\.isGiven))),
            "additionalProperties": false,
        ]
        return extras.isEmpty ? schema : schema.adding(["required": JSONLiteral(extras.map(\.name))])
    }

    /// A body with all that is to be given, of the values of all columns.
    func example(of values: [Value], without omitted: Set<Int> = []) -> JSONLiteral {
        .object(given(omitted).map { JSONLiteral.Member(name: columns[$0].name, value: JSONLiteral(values[$0])) })
    }

    private func given(_ omitted: Set<Int>) -> [Int] {
        columns.indices.filter { columns[$0].isGiven && !omitted.contains($0) }
    }

    private static func properties(_ columns: [Column]) -> [JSONLiteral.Member] {
        columns.map { JSONLiteral.Member(name: $0.name, value: JSONSchema.of($0)) }
    }
}

/// The body of a creating action: the fields of a row that it does not compute, and its list.
struct CreationSchema {
    private let action: CreatingAction
    private let samples: SampleRows

    init(_ action: CreatingAction, _ samples: SampleRows) {
        self.action = action
        self.samples = samples
    }

    private var name: String { "\(action.subject.singular.pascalCase)With\(action.member.pascalCase)" }
    private var fields: RecordSchema { RecordSchema(Array(action.subject.fieldColumns)) }
    private var element: RecordSchema { RecordSchema(action.columns) }
    /// Among the fields: the first column of a row is the id.
    private var computed: Set<Int> { Set(action.computed.map { $0 - 1 }) }

    var reference: JSONLiteral { API.reference("schemas", name) }

    /// The component that the reference names.
    var component: JSONLiteral.Member {
        let list: JSONLiteral = [
            "type": "array", "minItems": JSONLiteral(Int64(action.count.lowerBound)),
            "maxItems": JSONLiteral(Int64(action.count.upperBound)), "items": element.whole(),
        ]
        let schema = fields.whole(without: computed, extras: [JSONLiteral.Member(name: action.member, value: list)])
        return JSONLiteral.Member(name: name, value: schema.adding(["description": .string(action.summary)]))
    }

    var example: JSONLiteral {
        let resource = action.subject.resource
        let list = JSONLiteral.array([element.example(of: samples.values(1, of: action.columns, resource))])
        return fields.example(of: samples.fields(1, of: action.subject), without: computed)
            .adding(.object([JSONLiteral.Member(name: action.member, value: list)]))
    }
}
