internal import Domain
internal import HTTPServer

/// What every resource has, described from its declaration.
enum ResourceOperations<E: Entity> {
    private typealias Schemas = ResourceSchemas<E>
    private static var name: String { Schemas.name }
    private static var one: String { ("aeiou".contains(E.singular.prefix(1)) ? "an " : "a ") + E.singular }
    private static var id: JSONLiteral { Parameters.id(of: E.self) }

    static func describe(in catalog: inout OperationCatalog) {
        let path = "/v1/\(E.resource)"
        catalog[.get, path + "/count"] = count
        catalog[.get, path + "/{id}"] = find
        catalog[.get, path] = list
        catalog[.post, path] = create
        catalog[.patch, path] = changeMany
        catalog[.put, path + "/{id}"] = replace
        catalog[.patch, path + "/{id}"] = change
        catalog[.delete, path + "/{id}"] = delete
    }

    // MARK: Reading

    private static var list: Operation {
        Operation(
            id: "list\(Schemas.plural)", tag: E.resource, summary: "A page of \(E.resource)",
            parameters: ListParameters<E>.list + Parameters.ofReads,
            answers: [
                (
                    .ok,
                    Answers.representation(
                        "The page.", Schemas.page, example: Schemas.pageExample, others: [.cacheStatus, .link])
                ), (.notModified, Answers.notModified),
            ], problems: Problems.ofReads)
    }

    private static var count: Operation {
        Operation(
            id: "count\(Schemas.plural)", tag: E.resource, summary: "How many \(E.resource) there are",
            parameters: ListParameters<E>.filters + Parameters.ofReads,
            answers: [
                (.ok, Answers.representation("The number.", reference("schemas", "Count"), example: ["count": 1])),
                (.notModified, Answers.notModified),
            ], problems: Problems.ofReads)
    }

    private static var find: Operation {
        Operation(
            id: "find\(name)", tag: E.resource, summary: "One of the \(E.resource)",
            parameters: [id] + ListParameters<E>.projection + Parameters.ofReads,
            answers: [
                (.ok, Answers.representation("The \(E.singular).", Schemas.shown, example: Schemas.rowExample)),
                (.notModified, Answers.notModified),
            ], problems: [.notFound] + Problems.ofReads)
    }

    // MARK: Writing

    private static var create: Operation {
        let row: JSONLiteral = [
            "application/json": ["schema": ["oneOf": [Schemas.row, Schemas.rows]], "example": Schemas.rowExample]
        ]
        let answer = Answers.answer(
            "The new \(E.singular), or of an array all the new rows in its order. With Prefer: return=minimal there is no content.",
            [.etag, .noStore, .location, .preferenceApplied, .idempotencyReplayed], row.adding(Answers.noContent))
        return Operation(
            id: "create\(name)", tag: E.resource, summary: "Create \(one), or many by an array: all or none",
            parameters: [Parameters.idempotencyKey, Parameters.prefer],
            content: [("application/json", ["oneOf": [Schemas.input, array(of: Schemas.input)]], Schemas.inputExample)],
            answers: [(.created, answer.adding(["links": links]))], problems: Problems.ofBodies)
    }

    /// The array of a batch.
    static func array(of schema: JSONLiteral) -> JSONLiteral {
        ["type": "array", "minItems": 1, "maxItems": JSONLiteral(Int64(Batch.maximumRows)), "items": schema]
    }

    private static var changeMany: Operation {
        let changes = array(of: Schemas.identifiedPatch)
        let example: JSONLiteral = [Schemas.identifiedPatchExample]
        return Operation(
            id: "change\(Schemas.plural)", tag: E.resource, summary: "Change some fields of many \(E.resource): all or none",
            parameters: [Parameters.prefer],
            content: [("application/json", changes, example), ("application/merge-patch+json", changes, example)],
            answers: [
                (
                    .ok,
                    Answers.written(
                        "The rows as they are now, in the order of the array.", Schemas.rows,
                        example: ["items": [Schemas.rowExample]])
                ), (.noContent, Answers.short),
            ], problems: [.notFound] + Problems.ofBodies)
    }

    private static var replace: Operation {
        Operation(
            id: "replace\(name)", tag: E.resource, summary: "Replace all fields of \(one)",
            parameters: [id] + Parameters.ofChanges + [Parameters.prefer],
            content: [("application/json", Schemas.input, Schemas.inputExample)],
            answers: [(.ok, written), (.noContent, Answers.short)],
            problems: [.notFound, .preconditionFailed] + Problems.ofBodies)
    }

    private static var change: Operation {
        Operation(
            id: "change\(name)", tag: E.resource, summary: "Change some fields of \(one)",
            parameters: [id] + Parameters.ofChanges + [Parameters.prefer],
            content: [
                ("application/merge-patch+json", Schemas.patch, Schemas.patchExample),
                ("application/json", Schemas.patch, Schemas.patchExample),
            ], answers: [(.ok, written), (.noContent, Answers.short)],
            problems: [.notFound, .preconditionFailed] + Problems.ofBodies)
    }

    private static var delete: Operation {
        Operation(
            id: "delete\(name)", tag: E.resource, summary: "Delete \(one) to which nothing refers",
            parameters: [id] + Parameters.ofChanges, answers: [(.noContent, Answers.gone)],
            problems: [.notFound, .conflict, .preconditionFailed, .gatewayTimeout])
    }

    private static var written: JSONLiteral {
        Answers.written("The \(E.singular) as it is now.", Schemas.row, example: Schemas.rowExample)
    }

    /// What can be done with a new row.
    private static var links: JSONLiteral {
        func link(_ operation: String, _ others: JSONLiteral = [:]) -> JSONLiteral {
            let id: JSONLiteral = ["path.id": "$response.body#/id"]
            return ["operationId": "\(operation)\(name)", "parameters": id.adding(others)]
        }
        let state: JSONLiteral = ["header.If-Match": "$response.header.ETag"]
        return [
            "find": link("find"), "replace": link("replace", state), "change": link("change", state),
            "delete": link("delete", state),
        ]
    }
}
