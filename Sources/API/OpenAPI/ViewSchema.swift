internal import Model

/// What a view's representations look like.
struct ViewSchema {
    private let view: View
    private let samples: SampleRows

    init(_ view: View, _ samples: SampleRows) {
        self.view = view
        self.samples = samples
    }

    /// Of the subject and the view.
    var name: String { view.subject.singular.pascalCase + view.name.pascalCase }

    var reference: JSONLiteral { API.reference("schemas", name) }

    /// The component that the reference names.
    var component: JSONLiteral.Member { JSONLiteral.Member(name: name, value: schema(of: view.shape)) }

    /// The declared one, or one that is made up.
    var example: JSONLiteral { view.example.map(JSONLiteral.encoded) ?? example(of: view.shape) }

    private func schema(of shape: RecordShape) -> JSONLiteral {
        let members =
            shape.columns.map { JSONLiteral.Member(name: $0.name, value: JSONSchema.of($0)) }
            + shape.lists.map { list in
                let element =
                    switch list.element {
                    case .record(let shape): schema(of: shape)
                    case .row(let entity): ResourceSchemas(entity.schema, samples).row
                    }
                return JSONLiteral.Member(name: list.name, value: ["type": "array", "items": element])
            }
        return ["type": "object", "required": JSONLiteral(members.map(\.name)), "properties": .object(members)]
    }

    private func example(of shape: RecordShape) -> JSONLiteral {
        let values = samples.values(1, of: shape.columns, view.subject.resource)
        return .object(
            zip(shape.columns, values).map { JSONLiteral.Member(name: $0.name, value: JSONLiteral($1)) }
                + shape.lists.map { list in
                    let element =
                        switch list.element {
                        case .record(let shape): example(of: shape)
                        case .row(let entity): ResourceSchemas(entity.schema, samples).rowExample
                        }
                    return JSONLiteral.Member(name: list.name, value: [element])
                })
    }
}
