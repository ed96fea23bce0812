internal import Domain
internal import HTTPServer

extension Resource {
    /// Makes the row that the body has, or all those of an array.
    func create(_ request: Request, _ read: CreationReader<E>) async throws -> Response {
        try service.refuseParameters(of: request)
        try service.refuseConditions(of: request)
        let body = try await Service.jsonBody(of: request)
        if case .array(let elements) = body {
            let creations = try Batch.read(elements, read)
            return try await service.writeOnce(request) { unit in
                let rows = try await Batch.write(creations) { try await $0(unit) }
                return Response(wrote: Encoded(rows), .created, to: request)
            }
        }
        let creation = try read(body, "")
        return try await service.writeOnce(request) { unit in
            let row = try await creation(unit)
            return Response(wrote: Encoded(row), .created, at: "\(path)/\(row.id)", to: request)
        }
    }

    /// - Parameter changed: the value that a row is to have, of the body and the row as it is.
    func change(
        _ request: Request, _ parameters: PathParameters, _ changed: (RecordBody<E>, Stored<E>) throws(DomainError) -> E
    ) async throws -> Response {
        let id = try parameters.id(of: E.self)
        try service.refuseParameters(of: request)
        let body = try RecordBody<E>(try await Service.jsonBody(of: request))
        let row = try await service.write { unit in
            guard let row = try await unit.findToReplace([id]).first else { throw Problem.notFound(E.singular, "\(id)") }
            try Self.checkPrecondition(request, row)
            return try await unit.update(row, to: try changed(body, row))
        }
        return Response(wrote: Encoded(row), .ok, to: request)
    }

    func delete(_ request: Request, _ parameters: PathParameters) async throws -> Response {
        let id = try parameters.id(of: E.self)
        try service.refuseParameters(of: request)
        try await service.write { unit in
            guard let row = try await unit.findToReplace([id]).first else { throw Problem.notFound(E.singular, "\(id)") }
            try Self.checkPrecondition(request, row)
            try await unit.delete(row)
        }
        return .noContent
    }

    /// `If-Match` and `If-None-Match` (RFC 9110, sections 13.1.1 and 13.1.2), under the row's lock.
    private static func checkPrecondition(_ request: Request, _ row: Stored<E>) throws {
        // A row that cannot be read was shown to nobody as it is.
        func tag() -> EntityTag { row.unreadable.isEmpty ? Encoded(row).tag : EntityTag(of: []) }
        let isWanted = request.withHeader("if-match") { EntityTags.stronglyMatch(tag(), $0) } ?? true
        let isUnwanted = request.withHeader("if-none-match") { EntityTags.weaklyMatch(tag(), $0) } ?? false
        guard isWanted, !isUnwanted else { throw DomainError.preconditionFailed }
    }
}
