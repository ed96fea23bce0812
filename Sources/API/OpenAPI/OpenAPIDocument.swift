internal import Domain
internal import HTTPServer

/// The description of the service (OpenAPI 3.1), from the declarations of its resources and from its routes.
enum OpenAPIDocument {
    /// - Parameter routes: what the router has; the document has the same.
    static func make(of routes: [RouteDescription]) -> JSONLiteral {
        let operations = OperationCatalog()
        return [
            "openapi": "3.1.0", "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
            "info": ["title": "Larder", "version": "1.0.0", "description": .string(description)],
            "servers": [["url": "/"]],
            "tags": .array((operations.tags + [DescriptionRoutes.tag]).map { ["name": .string($0)] }),
            "paths": paths(routes, operations),
            "components": [
                "schemas": .object(schemas + operations.schemas), "parameters": .object(operations.parameters),
                "headers": AnswerHeader.all.components, "responses": Answers.components.adding(Problems.responses),
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

    private static func paths(_ routes: [RouteDescription], _ operations: OperationCatalog) -> JSONLiteral {
        var paths: [JSONLiteral.Member] = []
        for route in routes {
            guard let operation = operations[route.method, route.pattern] else { continue }
            let member: JSONLiteral = [route.method.name.lowercased(): operation.json]
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

    private static let schemas: [JSONLiteral.Member] = [
        JSONLiteral.Member(name: "Problem", value: Problems.schema),
        JSONLiteral.Member(
            name: "Count",
            value: ["type": "object", "required": ["count"], "properties": ["count": ["type": "integer", "minimum": 0]]]),
    ]
}
