internal import HTTPServer
internal import Model

extension ResourceRoutes {
    /// Makes the row that the body has, or all those of an array.
    func create(_ request: Request) async throws -> Response {
        try responder.refuseParameters(of: request)
        try responder.refuseConditions(of: request)
        let body = try await Responder.jsonBody(of: request)
        if case .array(let elements) = body {
            let creations = try Batch.read(elements) { element, pointer throws(DomainError) in
                try Creation(element, at: pointer, fields, creatingAction)
            }
            return try await responder.writeOnce(request) { unit in
                let rows = try await Batch.write(creations) { try await $0.perform(in: unit, schema, responder.options.settings) }
                return Response(wrote: Encoded(Batch.Rows(rows, schema)), .created, to: request)
            }
        }
        let creation = try Creation(body, at: "", fields, creatingAction)
        return try await responder.writeOnce(request) { unit in
            let row = try await creation.perform(in: unit, schema, responder.options.settings)
            return Response(wrote: Encoded(row, of: schema), .created, at: "\(path)/\(row.id.text ?? "")", to: request)
        }
    }

    /// - Parameter changed: the values that a row's own fields are to have, of the body and the row as it is.
    func change(
        _ request: Request, _ parameters: PathParameters, _ changed: (RecordBody, Row) throws(DomainError) -> [Value]
    ) async throws -> Response {
        let id = try parameters.id(of: schema)
        try responder.refuseParameters(of: request)
        let body = try RecordBody(try await Responder.jsonBody(of: request), of: fields)
        let row = try await responder.write { unit in
            let row = try await find(id, for: request, in: unit)
            return try await unit.update([(row, try changed(body, row))], of: schema)[0]
        }
        return Response(wrote: Encoded(row, of: schema), .ok, to: request)
    }

    func delete(_ request: Request, _ parameters: PathParameters) async throws -> Response {
        let id = try parameters.id(of: schema)
        try responder.refuseParameters(of: request)
        try await responder.write { unit in
            try await unit.delete(try await find(id, for: request, in: unit), of: schema)
        }
        return .noContent
    }

    /// Does what an action does with a row, once for all requests with the same `Idempotency-Key`.
    func perform(_ action: RowAction, _ request: Request, _ parameters: PathParameters) async throws -> Response {
        let id = try parameters.id(of: schema)
        try responder.refuseParameters(of: request)
        let input = try await Self.input(of: action, request)
        return try await responder.writeOnce(request) { unit in
            let row = try await find(id, for: request, in: unit).readable(as: schema).get()
            let written = try await action.perform(row, input, in: unit, responder.options.settings)
            return Response(wrote: Encoded(written, of: schema), .ok, to: request)
        }
    }

    /// What an action is to be done with. One that takes nothing needs no body, and may have an empty one or an empty object.
    private static func input(of action: RowAction, _ request: Request) async throws -> [Value] {
        if action.input == nil {
            guard request.hasBody, !(try await request.body().isEmpty) else { return [] }
        }
        return try RecordBody(try await Responder.jsonBody(of: request), of: action.input ?? []).record()
    }

    /// The row that a request is to write to, locked, in the state that its client demands.
    private func find(_ id: Value, for request: Request, in unit: UnitOfWork) async throws -> Row {
        guard let row = try await unit.find([id], of: schema).first else { throw Problem.notFound(schema, id) }
        try checkPrecondition(request, row)
        return row
    }

    /// `If-Match` and `If-None-Match` (RFC 9110, sections 13.1.1 and 13.1.2), under the row's lock.
    private func checkPrecondition(_ request: Request, _ row: Row) throws {
        // A row that cannot be read was shown to nobody as it is.
        func tag() -> EntityTag { row.unreadable.isEmpty ? Encoded(row, of: schema).tag : EntityTag(of: []) }
        let isWanted = request.withHeader("if-match") { EntityTags.stronglyMatch(tag(), $0) } ?? true
        let isUnwanted = request.withHeader("if-none-match") { EntityTags.weaklyMatch(tag(), $0) } ?? false
        guard isWanted, !isUnwanted else { throw DomainError.preconditionFailed }
    }
}
