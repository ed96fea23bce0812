internal import Domain
internal import HTTPServer

extension Resource {
    /// Changes the rows that the objects of an array name, each by a merge patch.
    func changeMany(_ request: Request) async throws -> Response {
        try service.refuseParameters(of: request)
        try service.refuseConditions(of: request)
        guard case .array(let elements) = try await Service.jsonBody(of: request) else {
            let detail = "expects an array of objects, each with id and the fields to change"
            throw DomainError.invalid([FieldProblem(pointer: "", detail: detail)])
        }
        let changes = try Batch.read(elements) { element, pointer throws(DomainError) in
            try RowChange<E>(element, at: pointer)
        }
        try Self.refuseRepetitions(changes)
        let rows = try await service.write { unit in
            let rows = try await unit.find(Set(changes.map(\.id)))
            let byID = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
            try Self.refuseMissing(changes, byID)
            return try await Batch.write(changes) { change in
                let row = byID[change.id]!  // none is missing
                return try await unit.update(row, to: try change.merged(into: row.value))
            }
        }
        return Response(wrote: Encoded(rows), .ok, to: request)
    }

    private static func refuseRepetitions(_ changes: [RowChange<E>]) throws(DomainError) {
        var ids: Set<ID<E>> = []
        let problems = changes.enumerated().compactMap { index, change in
            ids.insert(change.id).inserted
                ? nil : FieldProblem(pointer: "/\(index)/id", detail: "names a row that stands in the array already")
        }
        guard problems.isEmpty else { throw .invalid(problems) }
    }

    private static func refuseMissing(_ changes: [RowChange<E>], _ rows: [ID<E>: Stored<E>]) throws(Problem) {
        let missing = changes.enumerated().filter { rows[$1.id] == nil }
        guard let (index, first) = missing.first.map({ ($0.offset, $0.element) }) else { return }
        var problem = Problem.notFound(E.singular, "\(first.id)")
        problem.detail = "/\(index): \(problem.detail)"
        problem.errors = missing.map { index, _ in
            FieldProblem(pointer: "/\(index)/id", detail: "names none of the \(E.resource)")
        }
        throw problem
    }
}
