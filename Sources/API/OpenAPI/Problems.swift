internal import HTTPServer
internal import Model

/// The problems that are answered, each status described once.
struct Problems {
    /// Of every request, whatever it is for.
    static let ofEveryRequest: [Status] = [.badRequest, .uriTooLong, .headerTooLarge, .internalServerError, .serviceUnavailable]
    /// Of requests that the store answers with JSON.
    static let ofReads: [Status] = [.notAcceptable, .gatewayTimeout]
    /// Of requests with a body.
    static let ofBodies: [Status] =
        ofReads + [
            .requestTimeout, .conflict, .lengthRequired, .contentTooLarge, .unsupportedMediaType, .unprocessableContent,
        ]

    /// The problems of one status.
    private struct Group {
        let when: String
        /// One of each type.
        let examples: [Problem]

        var status: Status { examples[0].status }
        /// Among the components: `NotFound`.
        var name: String { Problems.name(status) }
    }

    /// Those that are the same whatever is declared.
    private static let common = [
        Group(
            when: "A page of another origin, and none of HTTP_CORS_ORIGINS, made a browser send what changes something.",
            examples: [.foreignOrigin]),
        Group(
            when: "The path does not have this method.",
            examples: [Problem(status: 405, detail: "This path does not have this method, but GET, HEAD, OPTIONS.")]),
        Group(when: "The client does not take JSON.", examples: [.notAcceptable]),
        Group(
            when: "The request did not arrive in time.",
            examples: [
                Problem(BodyError.timedOut), Problem(status: 408, detail: "The head of the request did not arrive in time."),
            ]),
        Group(when: "The request has no body, and needs one.", examples: [.lengthRequired]),
        Group(when: "If-Match or If-None-Match does not hold.", examples: [Problem(DomainError.preconditionFailed)]),
        Group(
            when: "The body is larger than the service accepts.",
            examples: [Problem(BodyError.tooLarge), Problem(.bodyTooLarge)]),
        Group(
            when: "The target is longer than the service accepts.", examples: [Problem(.requestLineTooLong)]),
        Group(
            when: "The body is said to be something else than JSON, or to be in a coding, or nothing is said about it.",
            examples: [
                .unsupportedMediaType("text/plain", .post), .unsupportedContentCoding("gzip"),
            ]),
        Group(when: "The expectation is another one than 100-continue.", examples: [Problem(.unknownExpectation)]),
        Group(when: "Host names none of the hosts of this service.", examples: [.misdirected("HTTP_HOSTS")]),
        Group(
            when: "The header, or the trailer, is larger than the service accepts.",
            examples: [Problem(.tooManyFields), Problem(BodyError.malformed(.trailerSectionTooLarge))]),
        Group(when: "The method or the transfer coding is unknown.", examples: [Problem(.unknownTransferCoding)]),
        Group(
            when: "The store cannot be reached, too many wait for it, or there are too many connections.",
            examples: [
                Problem(DomainError.unavailable(retryAfterSeconds: 1)), Problem(DomainError.overloaded(retryAfterSeconds: 1)),
                Problem(DomainError.contention), .outcomeUnknown,
                Problem(status: 503, detail: "This server has as many connections as it may have."),
            ]),
        Group(
            when: "The request takes more of the store than one may; or only the cache was to be asked, and has no valid answer.",
            examples: [Problem(DomainError.deadlineExceeded), Problem(DomainError.notCached)]),
        Group(when: "The version is neither HTTP/1.1 nor HTTP/1.0.", examples: [Problem(.unsupportedVersion)]),
    ]

    private let groups: [Group]

    init(_ declarations: Declarations) {
        groups = (Self.common + Self.declared(declarations)).sorted { $0.status.code < $1.status.code }
    }

    /// Those whose examples are of what is declared: of each the first resource that can have the problem.
    private static func declared(_ declarations: Declarations) -> [Group] {
        let any = declarations.schemas.prefix(1)
        let fields = declarations.schemas.flatMap { $0.fieldColumns }
        let invalid =
            fields.first(where: \.isRequired).map { FieldProblem(field: $0.name, "is missing") }
            ?? FieldProblem(pointer: "", detail: "expects a JSON object")
        return [
            Group(
                when:
                    "What is not JSON; an id, cursor, filter, parameter or Idempotency-Key that cannot be understood; a parameter that is "
                    + "unknown; a condition where none can hold; what is no HTTP.",
                examples: any.map(Problem.malformedID) + [
                    .invalidParameters([InvalidParameter("limit", "expects a whole number from 1 to 200")]),
                    Problem(.missingHost),
                    Problem(BodyError.malformed(.malformedChunkSize)),
                ]),
            Group(
                when: "There is no such row; or no such path.",
                examples: any.map { .notFound($0, SampleRows.id(7, of: $0)) }
                    + [Problem(status: 404, detail: "There is nothing at this path.")]),
            Group(
                when:
                    "A unique field is taken, a reference names no row, others still refer to the row, an action is refused as the rows "
                    + "are, or a request with the same Idempotency-Key is running.",
                examples: conflicts(declarations)),
            Group(
                when: "JSON that breaks the schema: missing, unknown or computed fields, wrong types, values out of range; or an "
                    + "Idempotency-Key of another request.",
                examples: [Problem(DomainError.invalid([invalid])), Problem(DomainError.keyReused)]),
            Group(
                when:
                    "Something unexpected happened; or a row holds what its declaration does not allow, and is to be replaced or "
                    + "deleted.",
                examples: [.unexpected]
                    + any.map { schema in
                        Problem(
                            UnreadableRow(
                                resource: schema.resource, id: "7", field: schema.columns[schema.fields.lowerBound].name))
                    }),
        ]
    }

    private static func conflicts(_ declarations: Declarations) -> [Problem] {
        let fields = declarations.schemas.flatMap { schema in
            (schema.fieldColumns + schema.owned.flatMap(\.columns)).map { (schema: schema, column: $0) }
        }
        let unique = fields.first { $0.column.rules.isUnique }
        let reference = fields.first { $0.column.rules.references != nil }
        var errors: [DomainError] = []
        if let unique { errors.append(.duplicate(field: unique.column.name)) }
        if let reference, let resource = reference.column.rules.references {
            errors += [
                .missingReference(field: reference.column.name, resource: resource),
                .stillReferenced(by: reference.schema.resource),
            ]
        }
        // Several actions may refuse for the same reason.
        var types: Set<String> = []
        errors += declarations.refusals.filter { types.insert($0.type).inserted }.map { $0.because($0.example) }
        return (errors + [.keyInUse]).map { Problem($0) }
    }

    private static func name(_ status: Status) -> String { status.reason.filter { $0 != " " && $0 != "-" } }

    static func reference(_ status: Status) -> JSONLiteral { API.reference("responses", name(status)) }

    /// All of them, for the components.
    var responses: JSONLiteral {
        .object(groups.map { JSONLiteral.Member(name: $0.name, value: Self.response($0)) })
    }

    private static func response(_ group: Group) -> JSONLiteral {
        let examples = group.examples.map { JSONLiteral.Member(name: $0.type, value: ["value": JSONLiteral(encoding: $0)]) }
        var headers: [AnswerHeader] = [.noStore]
        if group.examples.contains(where: { $0.retryAfterSeconds != nil }) { headers.append(.retryAfter) }
        if group.status == .methodNotAllowed { headers.append(.allow) }
        if group.status == .notFound { headers.append(.cacheStatus) }
        if group.status == .unsupportedMediaType { headers += [.acceptEncoding, .acceptPatch, .acceptPost] }
        return Answers.answer(
            group.when, headers,
            ["application/problem+json": ["schema": API.reference("schemas", "Problem"), "examples": .object(examples)]])
    }

    /// RFC 9457.
    var schema: JSONLiteral {
        let types = Set(groups.flatMap(\.examples).map { "/problems/\($0.type)" }).sorted()
        return [
            "type": "object", "required": ["type", "title", "status", "detail"],
            "properties": [
                "type": ["enum": JSONLiteral(types), "description": "Names the kind of problem, for programs."],
                "title": ["type": "string"], "status": ["type": "integer", "minimum": 400, "maximum": 599],
                "detail": ["type": "string", "description": "What is wrong, in one sentence."],
                "errors": [
                    "type": "array", "minItems": 1, "maxItems": JSONLiteral(Int64(Problem.maximumErrors)),
                    "description": "What is wrong with each part of the input.",
                    "items": [
                        "type": "object", "required": ["pointer", "detail"],
                        "properties": [
                            "pointer": ["type": "string", "description": "Where it stands (RFC 6901)."],
                            "detail": ["type": "string"],
                        ],
                    ],
                ],
            ],
        ]
    }
}

extension Problem {
    /// What the parser refuses.
    fileprivate init(_ failure: ParseFailure) {
        self.init(status: failure.status, detail: failure.reason)
    }
}
