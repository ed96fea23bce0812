internal import HTTPServer
internal import Model

/// The parameters that do not depend on a resource, and how values are written in a query.
enum Parameters {
    static let paging: [JSONLiteral.Member] = [
        member(
            "limit", in: "query",
            "How many rows a page has at most. It has fewer if they are long: a page ends before 1 MiB. Whether there are more, next says.",
            [
                "type": "integer", "minimum": 1, "maximum": JSONLiteral(Int64(Query.maximumLimit)),
                "default": JSONLiteral(Int64(Query.defaultLimit)),
            ], example: 10),
        member(
            "cursor", in: "query", "The next of the page before this one. It fits only the same filters and the same sort.",
            ["type": "string"], example: .string(cursor)),
        member("count", in: "query", "Adds count: the rows on all pages.", ["enum": ["exact"]], example: "exact"),
    ]

    /// What a cursor looks like.
    static let cursor = "YmViODc0MDYxOjE"

    // MARK: Header fields

    /// Of every request.
    static let ofEveryRequest = [reference("parameters", "X-Request-Id"), reference("parameters", "traceparent")]
    /// Of reads of what does not change, and of those through the cache.
    static let ofFiles = [ifNoneMatch, reference("parameters", "Accept-Encoding")]
    static let ofReads = ofFiles + [reference("parameters", "Cache-Control")]
    /// Of writes to a row that is there.
    static let ofChanges = [reference("parameters", "If-Match"), ifNoneMatch]

    static let ifNoneMatch = reference("parameters", "If-None-Match")
    static let prefer = reference("parameters", "Prefer")
    static let idempotencyKey = reference("parameters", "Idempotency-Key")

    /// What an entity tag looks like.
    static let tag = "\"0123456789abcdef0123456789abcdef\""

    static let headers: [JSONLiteral.Member] = [
        member(
            "X-Request-Id", in: "header",
            "The id that the log and the answer are to have: up to 128 letters, digits, dots, hyphens and underscores. Others are ignored.",
            example: "checkout-42"),
        member(
            "traceparent", in: "header", "The trace that the request is part of (W3C Trace Context). Malformed ones are ignored.",
            example: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
        member(
            "If-Match", in: "header", "The change happens only if the row still has this ETag, or if this is *.",
            example: .string(tag)),
        member(
            "If-None-Match", in: "header",
            "For reads: 304 if the representation still has this ETag. For changes: only if it has another.",
            example: .string(tag)),
        member(
            "Accept-Encoding", in: "header", "With gzip, content of 1 KiB and more is sent in that coding.", example: "gzip"),
        member(
            "Cache-Control", in: "header", "What is wanted of the cache (RFC 9111). Other directives are ignored.",
            examples: [
                ("no-cache", "From the store, by a load that begins after the request."),
                ("no-store", "From the store, and the cache keeps nothing of it."),
                ("only-if-cached", "504 if the cache has no valid answer."),
                ("max-stale=5", "May lack the writes of so many seconds."),
                ("max-age=0", "Strict, whatever the service was set up for; with a number, at most so many seconds old."),
            ]),
        member(
            "Prefer", in: "header", "With return=minimal the answer has no content (RFC 7240).",
            examples: [
                ("return=minimal", "That it was done is enough."), ("return=representation", "The row, as without this field."),
            ]),
        member(
            "Idempotency-Key", in: "header",
            "A random name of the request, by which it can be sent again: it has one effect, and every answer is the first one. "
                + "For another request it is 422, and while the first one runs 409.",
            ["type": "string", "pattern": .string(key)], example: "8e03978e-40d5-43e8-bc93-6894a57f9324"),
    ]

    /// ``IdempotencyKey/name(in:)`` as a pattern.
    private static var key: String {
        let characters = #"[!#-+\--:<-\[\]-~]{1,\#(IdempotencyKey.maximumLength)}"#
        return "^(\(characters)|\"\(characters)\")$"
    }

    private static func member(
        _ name: String, in place: String, _ description: String, _ schema: JSONLiteral = ["type": "string"], example: JSONLiteral
    ) -> JSONLiteral.Member {
        JSONLiteral.Member(
            name: name,
            value: [
                "name": .string(name), "in": .string(place), "description": .string(description), "schema": schema,
                "example": example,
            ])
    }

    /// A header field with values that mean something each.
    private static func member(
        _ name: String, in place: String, _ description: String, examples: [(value: String, summary: String)]
    ) -> JSONLiteral.Member {
        let members = examples.map { example in
            JSONLiteral.Member(
                name: example.value, value: ["summary": .string(example.summary), "value": .string(example.value)])
        }
        return JSONLiteral.Member(
            name: name,
            value: [
                "name": .string(name), "in": .string(place), "description": .string(description), "schema": ["type": "string"],
                "examples": .object(members),
            ])
    }

    // MARK: Values

    /// The id in a path.
    static func id(of schema: Schema) -> JSONLiteral {
        [
            "name": "id", "in": "path", "required": true, "description": "Which of the \(schema.resource).",
            "schema": JSONSchema.of(schema.keyKind), "example": JSONLiteral(SampleRows.id(1, of: schema)),
        ]
    }

    /// A value of a kind in a query, where all is text.
    static func text(of kind: Kind) -> JSONLiteral {
        kind == .bool ? ["enum": ["true", "false", "t", "f", "1", "0"]] : JSONSchema.of(kind)
    }

    /// A value in a list that commas divide.
    static func item(_ schema: JSONLiteral, _ kind: Kind) -> JSONLiteral {
        guard kind == .text, case .object(let members) = schema, !members.contains(where: { $0.name == "enum" }) else {
            return schema
        }
        return ["type": "string", "pattern": #"^[^,\x00]*$"#]
    }
}
