internal import HTTPServer
internal import Model

/// What clients may ask for of one resource, described from its declaration and from those of its views and actions.
struct ResourceOperations {
    private let schema: Schema
    private let creation: CreationSchema?
    private let schemas: ResourceSchemas
    private let parameters: ListParameters
    private let samples: SampleRows

    init(_ schema: Schema, _ declarations: Declarations) {
        self.schema = schema
        samples = declarations.samples
        creation = declarations.creation(of: schema).map { CreationSchema($0, declarations.samples) }
        schemas = ResourceSchemas(schema, samples)
        parameters = ListParameters(schema, samples)
    }

    private var one: String { ("aeiou".contains(schema.singular.prefix(1)) ? "an " : "a ") + schema.singular }
    private var id: JSONLiteral { Parameters.id(of: schema) }

    // MARK: Reading

    var list: Operation {
        operation(
            "list\(schemas.plural)", "A page of \(schema.resource)", parameters.list + Parameters.ofReads,
            answers: [
                (
                    .ok,
                    Answers.representation(
                        "The page.", schemas.page, example: schemas.pageExample, others: [.cacheStatus, .link])
                ), (.notModified, Answers.notModified),
            ], problems: Problems.ofReads)
    }

    var count: Operation {
        operation(
            "count\(schemas.plural)", "How many \(schema.resource) there are", parameters.filters + Parameters.ofReads,
            answers: [
                (.ok, Answers.representation("The number.", reference("schemas", "Count"), example: ["count": 1])),
                (.notModified, Answers.notModified),
            ], problems: Problems.ofReads)
    }

    var find: Operation {
        operation(
            "find\(schemas.name)", "One of the \(schema.resource)", [id] + parameters.projection + Parameters.ofReads,
            answers: [
                (.ok, Answers.representation("The \(schema.singular).", schemas.shown, example: schemas.rowExample)),
                (.notModified, Answers.notModified),
            ], problems: [.notFound] + Problems.ofReads)
    }

    func show(_ view: View) -> Operation {
        let schema = ViewSchema(view, samples)
        return operation(
            "find\(schema.name)", view.summary, [id] + Parameters.ofReads,
            answers: [
                (.ok, Answers.representation("The \(view.name).", schema.reference, example: schema.example)),
                (.notModified, Answers.notModified),
            ], problems: [.notFound] + Problems.ofReads)
    }

    // MARK: Writing

    var create: Operation {
        let row: JSONLiteral = [
            "application/json": ["schema": ["oneOf": [schemas.row, schemas.rows]], "example": schemas.rowExample]
        ]
        let answer = Answers.answer(
            "The new \(schema.singular), or of an array all the new rows in its order. With Prefer: return=minimal there is no content.",
            [.etag, .noStore, .location, .preferenceApplied, .idempotencyReplayed], row.adding(Answers.noContent))
        let input: JSONLiteral = creation.map { ["oneOf": [$0.reference, schemas.input]] } ?? schemas.input
        return operation(
            "create\(schemas.name)", "Create \(one), or many by an array: all or none",
            [Parameters.idempotencyKey, Parameters.prefer],
            content: [
                ("application/json", ["oneOf": [input, array(of: input)]], creation?.example ?? schemas.inputExample)
            ],
            answers: [(.created, answer.adding(["links": links]))], problems: Problems.ofBodies)
    }

    var changeMany: Operation {
        let changes = array(of: schemas.identifiedPatch)
        let example: JSONLiteral = [schemas.identifiedPatchExample]
        return operation(
            "change\(schemas.plural)", "Change some fields of many \(schema.resource): all or none", [Parameters.prefer],
            content: [("application/json", changes, example), ("application/merge-patch+json", changes, example)],
            answers: [
                (
                    .ok,
                    Answers.written(
                        "The rows as they are now, in the order of the array.", schemas.rows,
                        example: ["items": [schemas.rowExample]])
                ), (.noContent, Answers.short),
            ], problems: [.notFound] + Problems.ofBodies)
    }

    var replace: Operation {
        operation(
            "replace\(schemas.name)", "Replace all fields of \(one)", [id] + Parameters.ofChanges + [Parameters.prefer],
            content: [("application/json", schemas.input, schemas.inputExample)],
            answers: [(.ok, written()), (.noContent, Answers.short)],
            problems: [.notFound, .preconditionFailed] + Problems.ofBodies)
    }

    var change: Operation {
        operation(
            "change\(schemas.name)", "Change some fields of \(one)", [id] + Parameters.ofChanges + [Parameters.prefer],
            content: [
                ("application/merge-patch+json", schemas.patch, schemas.patchExample),
                ("application/json", schemas.patch, schemas.patchExample),
            ], answers: [(.ok, written()), (.noContent, Answers.short)],
            problems: [.notFound, .preconditionFailed] + Problems.ofBodies)
    }

    var delete: Operation {
        operation(
            "delete\(schemas.name)", "Delete \(one) to which nothing refers", [id] + Parameters.ofChanges,
            answers: [(.noContent, Answers.gone)], problems: [.notFound, .conflict, .preconditionFailed, .gatewayTimeout])
    }

    func perform(_ action: RowAction) -> Operation {
        let input = action.input.map { RecordSchema($0) }
        let values = action.input.map { samples.values(1, of: $0, schema.resource) } ?? []
        return operation(
            action.name.camelCase + schemas.name, action.summary,
            [id] + Parameters.ofChanges + [Parameters.idempotencyKey, Parameters.prefer],
            content: input.map { [("application/json", $0.whole(), $0.example(of: values))] } ?? [],
            answers: [(.ok, written([.idempotencyReplayed])), (.noContent, Answers.shortOnce)],
            problems: [.notFound, .preconditionFailed]
                + Problems.ofBodies.filter { input != nil || $0 != .lengthRequired })
    }

    // MARK: Parts

    private func operation(
        _ id: String, _ summary: String, _ parameters: [JSONLiteral], content: [Operation.Content] = [],
        answers: [(status: Status, answer: JSONLiteral)], problems: [Status]
    ) -> Operation {
        Operation(
            id: id, tag: schema.resource, summary: summary, parameters: parameters, content: content, answers: answers,
            problems: problems)
    }

    /// The array of a batch.
    private func array(of schema: JSONLiteral) -> JSONLiteral {
        ["type": "array", "minItems": 1, "maxItems": JSONLiteral(Int64(Batch.maximumRows)), "items": schema]
    }

    private func written(_ others: [AnswerHeader] = []) -> JSONLiteral {
        Answers.written("The \(schema.singular) as it is now.", schemas.row, example: schemas.rowExample, others: others)
    }

    /// What can be done with a new row.
    private var links: JSONLiteral {
        func link(_ operation: String, _ others: JSONLiteral = [:]) -> JSONLiteral {
            let id: JSONLiteral = ["path.id": "$response.body#/id"]
            return ["operationId": "\(operation)\(schemas.name)", "parameters": id.adding(others)]
        }
        let state: JSONLiteral = ["header.If-Match": "$response.header.ETag"]
        return [
            "find": link("find"), "replace": link("replace", state), "change": link("change", state),
            "delete": link("delete", state),
        ]
    }
}
