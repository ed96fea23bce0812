internal import HTTPServer
internal import Model

/// The description of the service (OpenAPI 3.1), from the declarations of its resources and from its routes.
enum OpenAPIDocument {
    /// - Parameter routes: what is routed; the document has the same.
    static func make(of declarations: Declarations, _ routes: [Routes.Described]) -> JSONLiteral {
        let problems = Problems(declarations)
        return [
            "openapi": "3.1.0", "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
            "info": ["title": "Larder", "version": "1.0.0", "description": .string(description)],
            "servers": [["url": "/"]],
            "tags": .array((declarations.resources + [DescriptionRoutes.tag]).map { ["name": .string($0)] }),
            "paths": paths(routes),
            "components": [
                "schemas": .object([JSONLiteral.Member(name: "Problem", value: problems.schema), count] + schemas(declarations)),
                "parameters": .object(parameters(declarations)),
                "headers": AnswerHeader.all.components, "responses": Answers.components.adding(problems.responses),
            ],
        ]
    }

    private static let description = """
        Rows of PostgreSQL through a cache that is never stale. Bodies are JSON in UTF-8; times are in RFC 3339 UTC with \
        microseconds, amounts of money are decimal strings. Unknown fields and parameters are errors.

        HEAD answers like GET without the content. OPTIONS is 204 with the allowed methods (the response Options), to a browser's \
        preflight, too. Another method than those of a path is 405 (MethodNotAllowed).

        What changes something and was sent by a page of another origin, unless that is let in, is 403 (Forbidden). A host that is not \
        this service's is 421 (MisdirectedRequest).

        A request line has at most \(limits.maxRequestLine) bytes, a header \(limits.maxHeaders) fields and \
        \(limits.maxHeaderBytes) bytes, a body \(limits.maxBody) bytes unless the service was set up otherwise. What exceeds \
        this, or is no HTTP/1.1, is refused before an operation sees it, and the connection ends: 400, 408, 413, 414, 417 \
        (ExpectationFailed), 431, 501 (NotImplemented), 505 (HTTPVersionNotSupported).
        """

    private static let limits = RequestParser.Limits()

    private static func paths(_ routes: [Routes.Described]) -> JSONLiteral {
        var paths: [JSONLiteral.Member] = []
        for route in routes {
            let member: JSONLiteral = .object([
                JSONLiteral.Member(name: route.method.name.lowercased(), value: route.operation().json)
            ])
            if let index = paths.firstIndex(where: { $0.name == route.pattern }) {
                paths[index].value = paths[index].value.adding(member)
            } else {
                let shared: JSONLiteral = ["parameters": .array(Parameters.ofEveryRequest)]
                paths.append(JSONLiteral.Member(name: route.pattern, value: shared.adding(member)))
            }
        }
        return .object(paths)
    }

    // MARK: What operations share

    private static let count = JSONLiteral.Member(
        name: "Count",
        value: ["type": "object", "required": ["count"], "properties": ["count": ["type": "integer", "minimum": 0]]])

    private static func schemas(_ declarations: Declarations) -> [JSONLiteral.Member] {
        let samples = declarations.samples
        return declarations.schemas.flatMap { ResourceSchemas($0, samples).components }
            + declarations.creations.map { CreationSchema($0, samples).component }
            + declarations.views.map { ViewSchema($0, samples).component }
    }

    private static func parameters(_ declarations: Declarations) -> [JSONLiteral.Member] {
        let samples = declarations.samples
        return Parameters.paging + Parameters.headers
            + declarations.schemas.flatMap { ListParameters($0, samples).components }
    }
}
