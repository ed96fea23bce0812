internal import HTTPServer
internal import Model

/// The routes of one resource, from its declaration and from those of its views and actions.
final class ResourceRoutes {
    let schema: Schema
    /// The resource's own fields.
    let fields: [Column]
    let creatingAction: CreatingAction?
    let repository: any Repository
    let responder: Responder
    let path: String
    private let views: [View]
    private let actions: [RowAction]
    private let operations: ResourceOperations

    init(_ schema: Schema, _ declarations: Declarations, _ responder: Responder) {
        self.schema = schema
        self.responder = responder
        fields = Array(schema.fieldColumns)
        creatingAction = declarations.creation(of: schema)
        views = declarations.views(of: schema)
        actions = declarations.actions(of: schema)
        repository = responder.store.repository(of: schema)
        path = "/v1/\(schema.resource)"
        operations = ResourceOperations(schema, declarations)
    }

    /// Registers all of them.
    func register(in routes: inout Routes) {
        registerReads(in: &routes)
        registerWrites(in: &routes)
        for view in views {
            routes.on(.get, "\(path)/{id}/\(view.name)", self.operations.show(view)) { request, parameters in
                await self.responder.answer(request) { try await self.show(view, request, parameters) }
            }
        }
        for action in actions {
            routes.on(.post, "\(path)/{id}/\(action.name)", self.operations.perform(action)) { request, parameters in
                await self.responder.answer(request) { try await self.perform(action, request, parameters) }
            }
        }
    }

    private func registerReads(in routes: inout Routes) {
        routes.on(.get, path + "/count", self.operations.count) { request, _ in
            await self.responder.answer(request) { try await self.count(request) }
        }
        routes.on(.get, path + "/{id}", self.operations.find) { request, parameters in
            await self.responder.answer(request) { try await self.find(request, parameters) }
        }
        routes.on(.get, path, self.operations.list) { request, _ in
            await self.responder.answer(request) { try await self.list(request) }
        }
    }

    private func registerWrites(in routes: inout Routes) {
        routes.on(.post, path, self.operations.create) { request, _ in
            await self.responder.answer(request) { try await self.create(request) }
        }
        routes.on(.patch, path, self.operations.changeMany) { request, _ in
            await self.responder.answer(request) { try await self.changeMany(request) }
        }
        routes.on(.put, path + "/{id}", self.operations.replace) { request, parameters in
            await self.responder.answer(request) {
                try await self.change(request, parameters) { body, row throws(DomainError) in try body.replacing(row) }
            }
        }
        routes.on(.patch, path + "/{id}", self.operations.change) { request, parameters in
            await self.responder.answer(request) {
                try await self.change(request, parameters) { body, row throws(DomainError) in try body.merged(into: row) }
            }
        }
        routes.on(.delete, path + "/{id}", self.operations.delete) { request, parameters in
            await self.responder.answer(request) { try await self.delete(request, parameters) }
        }
    }

    // MARK: Reading

    private func find(_ request: Request, _ parameters: PathParameters) async throws -> Response {
        let id = try parameters.id(of: schema)
        let projection = request.hasQuery ? try Projection(of: schema, parameters: request.queryParameters()) : .whole
        let context = responder.context(for: request)
        guard let found = try await repository.find(id, projection, context) else {
            throw Problem.notFound(schema, id, context)
        }
        return Response(found, to: request, context)
    }

    private func list(_ request: Request) async throws -> Response {
        let query = try Query(of: schema, parameters: try request.queryParameters())
        let context = responder.context(for: request)
        return Response(try await repository.list(query, context), to: request, context)
    }

    private func count(_ request: Request) async throws -> Response {
        let filters = try Query.filters(of: schema, parameters: try request.queryParameters())
        let context = responder.context(for: request)
        return Response(try await repository.count(filters, context), to: request, context)
    }

    private func show(_ view: View, _ request: Request, _ parameters: PathParameters) async throws -> Response {
        let id = try parameters.id(of: schema)
        try responder.refuseParameters(of: request)
        let context = responder.context(for: request)
        guard let found = try await repository.view(view, of: id, context) else {
            throw Problem.notFound(schema, id, context)
        }
        return Response(found, to: request, context)
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
    func id(of schema: Schema) throws(Problem) -> Value {
        if schema.keyKind == .integer, let number = integer(0) { return .integer(number) }
        guard let text = self[0], let id = schema.id(text) else { throw .malformedID(of: schema) }
        return id
    }
}
