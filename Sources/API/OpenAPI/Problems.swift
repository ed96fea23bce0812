internal import HTTPServer

/// The problems that operations answer with, each described once.
enum Problems {
    /// Of every request, whatever it is for.
    static let ofEveryRequest: [Status] = [
        .badRequest, .notAcceptable, .uriTooLong, .headerTooLarge, .internalServerError, .serviceUnavailable, .gatewayTimeout,
    ]
    /// Of requests with a body.
    static let ofBodies: [Status] = [
        .requestTimeout, .lengthRequired, .contentTooLarge, .unsupportedMediaType, .unprocessableContent,
    ]

    private static let all: [(status: Status, type: String, when: String)] = [
        (
            .badRequest, "bad-request",
            "What is not JSON; an id, cursor, filter or parameter that cannot be understood or is unknown."
        ),
        (.notFound, "not-found", "There is no such row."),
        (.notAcceptable, "not-acceptable", "The client does not take JSON."),
        (.requestTimeout, "http-408", "The body did not arrive in time."),
        (
            .conflict, "duplicate",
            "A unique field is taken, a reference names no row, others still refer to the row, or a product lacks stock."
        ),
        (.lengthRequired, "length-required", "The request has no body, and needs one."),
        (.preconditionFailed, "precondition-failed", "If-Match or If-None-Match does not hold."),
        (.contentTooLarge, "body", "The body is larger than the service accepts."),
        (.uriTooLong, "http-414", "The target is longer than the service accepts."),
        (.unsupportedMediaType, "unsupported-media-type", "The body is said to be something else than JSON."),
        (
            .unprocessableContent, "invalid",
            "JSON that breaks the schema: missing, unknown or computed fields, wrong types, values out of range."
        ),
        (.headerTooLarge, "http-431", "There are more header fields than the service accepts."),
        (.internalServerError, "internal", "Something unexpected happened; the log has it."),
        (.serviceUnavailable, "store-unavailable", "The store cannot be reached, or too many wait for it."),
        (.gatewayTimeout, "deadline-exceeded", "The store did not answer in time."),
    ]

    /// The name of a status among the components: `NotFound`.
    private static func name(_ status: Status) -> String { status.reason.filter { $0 != " " && $0 != "-" } }

    static func reference(_ status: Status) -> JSONLiteral { API.reference("responses", name(status)) }

    /// All of them, for the components.
    static var responses: JSONLiteral {
        .object(all.map { JSONLiteral.Member(name: name($0.status), value: response($0.status, $0.type, $0.when)) })
    }

    private static func response(_ status: Status, _ type: String, _ when: String) -> JSONLiteral {
        var headers: JSONLiteral = [
            "Cache-Control": API.reference("headers", "No-Store"), "X-Request-Id": API.reference("headers", "X-Request-Id"),
        ]
        if status == .notFound { headers = headers.adding(["Cache-Status": API.reference("headers", "Cache-Status")]) }
        if status == .serviceUnavailable { headers = headers.adding(["Retry-After": API.reference("headers", "Retry-After")]) }
        let example: JSONLiteral = [
            "type": "/problems/\(type)", "title": .string(status.reason), "status": JSONLiteral(Int64(status.code)),
            "detail": .string(when),
        ]
        return [
            "description": .string(when), "headers": headers,
            "content": ["application/problem+json": ["schema": API.reference("schemas", "Problem"), "example": example]],
        ]
    }

    /// RFC 9457.
    static let schema: JSONLiteral = [
        "type": "object", "required": ["type", "title", "status", "detail"],
        "properties": [
            "type": ["type": "string", "format": "uri-reference", "description": "Names the kind of problem, for programs."],
            "title": ["type": "string"], "status": ["type": "integer", "minimum": 400, "maximum": 599],
            "detail": ["type": "string", "description": "What is wrong, in one sentence."],
            "errors": [
                "type": "array", "maxItems": JSONLiteral(Int64(Problem.maximumErrors)),
                "description": "What is wrong with each part of the input.",
                "items": [
                    "type": "object", "required": ["pointer", "detail"],
                    "properties": [
                        "pointer": ["type": "string", "description": "Where it stands (RFC 6901)."], "detail": ["type": "string"],
                    ],
                ],
            ],
        ],
    ]
}
