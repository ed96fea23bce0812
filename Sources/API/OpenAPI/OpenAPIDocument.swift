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
                "headers": headers, "responses": responses,
            ],
        ]
    }

    private static let description = """
        Rows of PostgreSQL through a cache that is never stale. Times are in RFC 3339 UTC with microseconds, amounts of money \
        are decimal strings. Unknown fields and parameters are errors. HEAD answers like GET without the body, OPTIONS with \
        the allowed methods. A body has at most 1 MiB unless the service was set up otherwise.
        """

    private static func paths(_ routes: [RouteDescription], _ operations: OperationCatalog) -> JSONLiteral {
        var paths: [JSONLiteral.Member] = []
        for route in routes {
            guard let operation = operations[route.method, route.pattern] else { continue }
            let member: JSONLiteral = [route.method.name.lowercased(): operation.json]
            if let index = paths.firstIndex(where: { $0.name == route.pattern }) {
                paths[index].value = paths[index].value.adding(member)
            } else {
                paths.append(JSONLiteral.Member(name: route.pattern, value: member))
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

    private static var responses: JSONLiteral {
        let others: JSONLiteral = [
            "NotModified": [
                "description": "The client has it already.",
                "headers": [
                    "ETag": reference("headers", "ETag"), "Cache-Control": reference("headers", "Revalidate"),
                    "Cache-Status": reference("headers", "Cache-Status"), "X-Request-Id": reference("headers", "X-Request-Id"),
                ],
            ],
            "NoContent": [
                "description": "Done.",
                "headers": [
                    "Cache-Control": reference("headers", "No-Store"), "X-Request-Id": reference("headers", "X-Request-Id"),
                ],
            ],
        ]
        return others.adding(Problems.responses)
    }

    private static let headers: JSONLiteral = [
        "ETag": header(
            "The validator of the representation.", ["type": "string", "pattern": "^\"[0-9a-f]{32}(-gzip)?\"$"], required: true),
        "Revalidate": header("May be stored, and has to be revalidated.", ["const": "private, no-cache"], required: true),
        "No-Store": header("Is not to be stored.", ["const": "no-store"], required: true),
        "Cache-Status": header(
            "What the cache did (RFC 9211), as in larder; hit; ttl=297. Not there without a cache, and not on answers to writes.",
            ["type": "string", "pattern": "^larder; "]),
        "Link": header("The next page, if there is one (rel=\"next\").", ["type": "string"]),
        "Location": header(
            "The path of the new row, if it is one.", ["type": "string", "pattern": "^/v1/[a-z_]+/[0-9a-f-]+$"]),
        "Retry-After": header("In how many seconds trying again may help.", ["type": "integer", "minimum": 0]),
        "X-Request-Id": header(
            "The id that the log knows the request by: the client's own, if it is up to 128 letters, digits, dots, hyphens and underscores.",
            ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"]),
    ]

    private static func header(_ description: String, _ schema: JSONLiteral, required: Bool = false) -> JSONLiteral {
        ["description": .string(description), "required": .bool(required), "schema": schema]
    }
}
