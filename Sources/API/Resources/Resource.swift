internal import Domain
internal import HTTPServer

/// The routes that every resource has, from its declaration.
struct Resource<E: Entity> {
    let service: Service
    let repository: any Repository<E>

    var path: String { "/v1/\(E.resource)" }

    /// Puts the routes into `router`.
    ///
    /// - Parameter creation: reads what makes a new row.
    func register(on router: Router, creation: @escaping CreationReader<E>) {
        router.on(.get, path + "/count") { request, _ in
            await service.answer(request) { try await count(request) }
        }
        router.on(.get, path + "/{id}") { request, parameters in
            await service.answer(request) { try await find(request, parameters) }
        }
        router.on(.get, path) { request, _ in
            await service.answer(request) { try await list(request) }
        }
        router.on(.post, path) { request, _ in
            await service.answer(request) { try await create(request, creation) }
        }
        router.on(.patch, path) { request, _ in
            await service.answer(request) { try await changeMany(request) }
        }
        router.on(.put, path + "/{id}") { request, parameters in
            await service.answer(request) {
                try await change(request, parameters) { body, _ throws(DomainError) in try body.record() }
            }
        }
        router.on(.patch, path + "/{id}") { request, parameters in
            await service.answer(request) {
                try await change(request, parameters) { body, row throws(DomainError) in try body.merged(into: row) }
            }
        }
        router.on(.delete, path + "/{id}") { request, parameters in
            await service.answer(request) { try await delete(request, parameters) }
        }
    }

    private func find(_ request: Request, _ parameters: PathParameters) async throws -> Response {
        let id = try parameters.id(of: E.self)
        let projection = request.hasQuery ? try Projection<E>(parameters: request.queryParameters()) : .whole
        let context = service.context(for: request)
        guard let found = try await repository.find(id, projection, context) else {
            throw Problem.notFound(E.singular, "\(id)", context)
        }
        return Response(found, to: request, context)
    }

    private func list(_ request: Request) async throws -> Response {
        let query = try Query<E>(parameters: try request.queryParameters())
        let context = service.context(for: request)
        return Response(try await repository.list(query, context), to: request, context)
    }

    private func count(_ request: Request) async throws -> Response {
        let filters = try Query<E>.filters(parameters: try request.queryParameters())
        let context = service.context(for: request)
        return Response(try await repository.count(filters, context), to: request, context)
    }
}

extension Request {
    /// The parameters of the query.
    func queryParameters() throws(BadRequest) -> [QueryParameter] {
        try queryItems().map { QueryParameter($0.name, $0.value, list: $0.list) }
    }
}

extension PathParameters {
    /// The id of a row that the path names.
    func id<E: Entity>(of entity: E.Type) throws(Problem) -> ID<E> {
        if let number = integer(0), let id = ID<E>(.integer(number)) { return id }
        guard let text = self[0], let value = E.Key.kind.value(from: text), let id = ID<E>(value) else {
            throw .badRequest("The id of \(E.resource) is \(E.Key.kind.expectation).")
        }
        return id
    }
}
