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
        let changed = try await service.write { unit in
            let rows = try await Self.find(Set(changes.map(\.id)), in: unit)
            let byID = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
            try Self.refuseMissing(changes, byID)
            let changed = try await Batch.write(changes) { change in
                let row = byID[change.id]!  // none is missing
                return try await unit.update(row, to: try change.merged(into: row))
            }
            let encoded = Encoded(changed)
            guard encoded.bytes.count <= Batch.maximumBytes else { throw Batch.tooLong }
            return encoded
        }
        return Response(wrote: changed, .ok, to: request)
    }

    /// Reads the rows in the order of their ids, and long ones in lots, so that no more are read than may be changed.
    private static func find(_ ids: Set<ID<E>>, in unit: UnitOfWork) async throws -> [Stored<E>] {
        let long = E.schema.columns.filter(\.isLong)
        guard !long.isEmpty else { return try await unit.findToReplace(ids) }
        var rest = ids.sorted { Value.isOrderedBefore($0.value, $1.value) }[...]
        var rows: [Stored<E>] = []
        var bytes = 0
        while !rest.isEmpty {
            let lot = try await unit.findToReplace(Set(rest.prefix(Batch.longRows)))
            rest = rest.dropFirst(Batch.longRows)
            bytes += lot.reduce(0) { sum, row in sum + long.reduce(0) { $0 + ($1.value(of: row).text?.utf8.count ?? 0) } }
            guard bytes <= Batch.maximumBytes else { throw Batch.tooLong }
            rows += lot
        }
        return rows
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
