internal import HTTPServer
internal import Model

extension ResourceRoutes {
    /// Changes the rows that the objects of an array name, each by a merge patch.
    func changeMany(_ request: Request) async throws -> Response {
        try responder.refuseParameters(of: request)
        try responder.refuseConditions(of: request)
        guard case .array(let elements) = try await Responder.jsonBody(of: request) else {
            let detail = "expects an array of objects, each with id and the fields to change"
            throw DomainError.invalid([FieldProblem(pointer: "", detail: detail)])
        }
        let changes = try Batch.read(elements) { element, pointer throws(DomainError) in
            try RowChange(element, at: pointer, schema.keyKind, fields)
        }
        try Self.refuseRepetitions(changes)
        let changed = try await responder.write { unit in
            let rows = try await findAll(Set(changes.map(\.id)), in: unit)
            let byID = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
            try refuseMissing(changes, byID)
            let changed = try await Batch.write(changes) { change in
                let row = byID[change.id]!  // none is missing
                return try await unit.update([(row, try change.body.merged(into: row))], of: schema)[0]
            }
            let encoded = Encoded(Batch.Rows(changed, schema))
            guard encoded.bytes.count <= Batch.maximumBytes else { throw Batch.tooLong }
            return encoded
        }
        return Response(wrote: changed, .ok, to: request)
    }

    /// Reads the rows in the order of their ids, and long ones in lots, so that no more are read than may be changed.
    private func findAll(_ ids: Set<Value>, in unit: UnitOfWork) async throws -> [Row] {
        let long = schema.longColumns
        guard !long.isEmpty else { return try await unit.find(ids, of: schema) }
        var rest = ids.sorted(by: Value.isOrderedBefore)[...]
        var rows: [Row] = []
        var bytes = 0
        while !rest.isEmpty {
            let lot = try await unit.find(rest.prefix(Batch.longRows), of: schema)
            rest = rest.dropFirst(Batch.longRows)
            bytes += lot.reduce(0) { sum, row in sum + long.reduce(0) { $0 + (row.values[$1].text?.utf8.count ?? 0) } }
            guard bytes <= Batch.maximumBytes else { throw Batch.tooLong }
            rows += lot
        }
        return rows
    }

    private static func refuseRepetitions(_ changes: [RowChange]) throws(DomainError) {
        var ids: Set<Value> = []
        let problems = changes.enumerated().compactMap { index, change in
            ids.insert(change.id).inserted
                ? nil : FieldProblem(pointer: "/\(index)/id", detail: "names a row that stands in the array already")
        }
        guard problems.isEmpty else { throw .invalid(problems) }
    }

    private func refuseMissing(_ changes: [RowChange], _ rows: [Value: Row]) throws(Problem) {
        let missing = changes.enumerated().filter { rows[$1.id] == nil }
        guard let (index, first) = missing.first.map({ ($0.offset, $0.element) }) else { return }
        var problem = Problem.notFound(schema, first.id)
        problem.detail = "/\(index): \(problem.detail)"
        problem.errors = missing.map { index, _ in
            FieldProblem(pointer: "/\(index)/id", detail: "names none of the \(schema.resource)")
        }
        throw problem
    }
}
