internal import Domain

/// A row's id with the fields that are to be changed, as an element of an array.
struct RowChange<E: Entity> {
    let id: ID<E>
    private let body: RecordBody<E>

    /// - Throws: ``DomainError/invalid(_:)`` with all that is wrong with it.
    init(_ json: JSONValue, at pointer: String) throws(DomainError) {
        let body = try RecordBody<E>(json, at: pointer, extras: ["id"])
        var problems = body.problems
        let given = json["id"]
        guard let id = given.flatMap({ $0.value(of: E.Key.kind) }).flatMap({ ID<E>($0) }) else {
            problems.append(
                FieldProblem(field: "id", of: pointer, given == nil ? "is missing" : "expects \(E.Key.kind.expectation)"))
            throw .invalid(problems)
        }
        guard problems.isEmpty else { throw .invalid(problems) }
        self.id = id
        self.body = body
    }

    func merged(into row: Stored<E>) throws(DomainError) -> E { try body.merged(into: row) }
}
