internal import HTTPServer
internal import Model

/// A header field of answers. Each is described once, among the components.
struct AnswerHeader: Sendable {
    /// As it is sent.
    let name: String
    /// Among the components, where two of one name say different things.
    let component: String
    /// A Header Object.
    let json: JSONLiteral

    private init(
        _ name: String, as component: String? = nil, _ description: String, _ schema: JSONLiteral, example: JSONLiteral,
        isRequired: Bool = false
    ) {
        self.name = name
        self.component = component ?? name
        json = [
            "description": .string(description), "required": .bool(isRequired), "schema": schema, "example": example,
        ]
    }
}

extension AnswerHeader {
    static let all =
        ofEveryAnswer + [
            etag, revalidate, noStore, cacheStatus, contentEncoding, link, location, preferenceApplied, idempotencyReplayed,
            retryAfter, acceptEncoding, acceptPatch, acceptPost,
            allow, allowMethods, allowHeaders, preflightAge,
        ] + ofPages

    // MARK: Of every answer

    static let ofEveryAnswer = [requestID, traceparent, serverTiming, vary, allowOrigin, exposeHeaders]

    private static let requestID = AnswerHeader(
        "X-Request-Id", "The id by which the log knows the request: the client's own if it is sane, else a new one.",
        ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"], example: "9f86d081884c7d65")
    private static let traceparent = AnswerHeader(
        "traceparent", "The trace of the request with this service's own span. Not there without a valid one in the request.",
        ["type": "string", "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]$"],
        example: "00-4bf92f3577b34da6a3ce929d0e0e4736-9f86d081884c7d65-01")
    private static let serverTiming = AnswerHeader(
        "Server-Timing", "The milliseconds from the request's head to the answer, for a client that records the trace.",
        ["type": "string", "pattern": "^total;dur=[0-9]+\\.[0-9]{3}$"], example: "total;dur=0.412")
    private static let vary = AnswerHeader(
        "Vary", "The fields of the request on which the answer depends.",
        ["type": "string", "pattern": "^(Accept-Encoding|Origin)(, Origin)?$"], example: "Accept-Encoding")
    private static let allowOrigin = AnswerHeader(
        "Access-Control-Allow-Origin", "The origin whose pages may read the answer. Only where such pages are let in.",
        ["type": "string"], example: "https://shop.example.org")
    private static let exposeHeaders = AnswerHeader(
        "Access-Control-Expose-Headers", "What pages of other origins may read. Only where such pages are let in.",
        ["const": .string(CrossOrigin.exposed)], example: .string(CrossOrigin.exposed))

    // MARK: Of representations

    static let etag = AnswerHeader(
        "ETag", "The validator of the representation, in the form in which it is sent.",
        ["type": "string", "pattern": "^\"[0-9a-f]{32}(-gzip)?\"$"], example: .string(Parameters.tag), isRequired: true)
    static let revalidate = AnswerHeader(
        "Cache-Control", as: "Revalidate", "May be stored, and has to be revalidated.", ["const": "private, no-cache"],
        example: "private, no-cache", isRequired: true)
    static let noStore = AnswerHeader(
        "Cache-Control", as: "No-Store", "Is not to be stored.", ["const": "no-store"], example: "no-store", isRequired: true)
    static let cacheStatus = AnswerHeader(
        "Cache-Status", "What the cache did (RFC 9211). Not there without a cache, and not on answers to writes.",
        [
            "type": "string",
            "pattern": .string(
                "^larder; (hit; ttl=-?[0-9]+(; detail=(unverified|stale-if-error))?|fwd=uri-miss; stored|fwd=miss; collapsed|fwd=request|"
                    + "fwd=bypass; detail=(write-in-flight|cache-unreachable|closed|changing))$"),
        ], example: "larder; hit; ttl=297")
    static let contentEncoding = AnswerHeader(
        "Content-Encoding", "The coding of the content, if it has one.", ["const": "gzip"], example: "gzip")
    static let link = AnswerHeader(
        "Link", "The next page, if there is one.", ["type": "string", "pattern": "^<[^>]+>; rel=\"next\"$"],
        example: "</v1/things?limit=50&cursor=\(Parameters.cursor)>; rel=\"next\"")

    // MARK: Of writes and problems

    static let location = AnswerHeader(
        "Location", "The path of the new row, if it is one.", ["type": "string", "pattern": "^/v1/[a-z_]+/[0-9a-f-]+$"],
        example: "/v1/things/7")
    static let preferenceApplied = AnswerHeader(
        "Preference-Applied", "The client's preference for a short answer was met (RFC 7240).", ["const": "return=minimal"],
        example: "return=minimal")
    static let idempotencyReplayed = AnswerHeader(
        "Idempotency-Replayed", "This is the answer to the first request with the Idempotency-Key.", ["const": "true"],
        example: "true")
    static let retryAfter = AnswerHeader(
        "Retry-After", "In how many seconds trying again may help.", ["type": "integer", "minimum": 0], example: 1)

    static let acceptEncoding = AnswerHeader(
        "Accept-Encoding", "What the body could have been in. Only if it was its coding that was refused.",
        ["const": .string("\(Admission.codings)")], example: .string("\(Admission.codings)"))

    static let acceptPatch = bodyTypes(of: .patch)
    static let acceptPost = bodyTypes(of: .post)

    private static func bodyTypes(of method: RequestMethod) -> AnswerHeader {
        let types = BodyTypes(of: method)
        let names = JSONLiteral.string(types.names.joined(separator: ", "))
        return AnswerHeader(
            "\(types.field!)", "What a body of \(method.name) may be. Only if it was its type that was refused.",
            ["const": names], example: names)
    }

    // MARK: Of OPTIONS

    static let allow = AnswerHeader(
        "Allow", "The methods that the path has.", ["type": "string"], example: "GET, HEAD, OPTIONS", isRequired: true)
    static let allowMethods = AnswerHeader(
        "Access-Control-Allow-Methods", "With which methods pages of other origins may ask. To a preflight that is let in.",
        ["const": .string(CrossOrigin.methods)], example: .string(CrossOrigin.methods))
    static let allowHeaders = AnswerHeader(
        "Access-Control-Allow-Headers", "Which fields pages of other origins may send. To a preflight that is let in.",
        ["const": .string(CrossOrigin.allowed)], example: .string(CrossOrigin.allowed))
    static let preflightAge = AnswerHeader(
        "Access-Control-Max-Age", "For how many seconds browsers keep the answer. To a preflight that is let in.",
        ["type": "integer"], example: JSONLiteral(Int64(CrossOrigin.preflightSeconds)))

    // MARK: Of the page for people

    static let ofPages = [
        AnswerHeader(
            "Content-Security-Policy", "The page loads and asks nothing but this service.", ["type": "string"],
            example: .string(DocsRoutes.policy), isRequired: true),
        AnswerHeader(
            "X-Content-Type-Options", "The file is what its type says.", ["const": "nosniff"], example: "nosniff",
            isRequired: true),
        AnswerHeader(
            "Referrer-Policy", "Links do not tell where they were.", ["const": "no-referrer"], example: "no-referrer",
            isRequired: true),
    ]
}

extension [AnswerHeader] {
    /// The headers of an answer, with those that every answer has.
    var ofAnswer: JSONLiteral {
        .object(
            (self + AnswerHeader.ofEveryAnswer).map { header in
                JSONLiteral.Member(name: header.name, value: reference("headers", header.component))
            })
    }

    /// The components that the references above name.
    var components: JSONLiteral {
        .object(map { JSONLiteral.Member(name: $0.component, value: $0.json) })
    }
}
