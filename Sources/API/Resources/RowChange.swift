internal import Model

/// A row's id with the fields that are to be changed, as an element of an array.
struct RowChange {
    let id: Value
    let body: RecordBody

    /// - Parameter kind: of the ids.
    /// - Throws: ``DomainError/invalid(_:)`` with all that is wrong with it.
    init(_ json: JSONValue, at pointer: String, _ kind: Kind, _ fields: [Column]) throws(DomainError) {
        body = try RecordBody(json, of: fields, at: pointer, extras: ["id"])
        var problems = body.problems
        let given = json["id"]
        let id = given?.value(of: kind) ?? .null
        if id == .null {
            problems.append(FieldProblem(field: "id", of: pointer, given == nil ? "is missing" : "expects \(kind.expectation)"))
        }
        guard problems.isEmpty else { throw .invalid(problems) }
        self.id = id
    }
}
