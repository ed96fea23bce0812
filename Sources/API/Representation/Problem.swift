internal import HTTPServer
internal import Model

/// An error as clients see it (RFC 9457).
struct Problem: Error {
    var status: Status
    /// Names the kind of problem, stable for programs: the last part of `type`.
    var type: String
    /// What is wrong, in one sentence.
    var detail: String
    /// What is wrong with each part of the input; of more than ``maximumErrors``, or than ``maximumErrorBytes`` have room for,
    /// the rest is left out.
    var errors: [FieldProblem] = []
    /// In how many seconds trying again may help.
    var retryAfterSeconds: Int?
    /// What the cache did for the read that found it out; nil if it was none.
    var cacheOutcome: CacheOutcome?
    /// Which bodies would have been taken, if it was the type of one that was refused.
    var bodyTypes: BodyTypes?

    /// How many errors are listed: more than people read, and few enough for input that is nothing but wrong.
    static let maximumErrors = 100
    /// How many bytes of errors are listed, beside the first: an answer is small, whatever was sent.
    static let maximumErrorBytes = 16_384

    var response: Response {
        var json = JSONWriter()
        encode(to: &json)
        var response = Response(status, body: json.bytes)
        response.fields.append("Content-Type", "application/problem+json")
        response.fields.append("Cache-Control", "no-store")
        if let retryAfterSeconds { response.fields.append("Retry-After", decimal: retryAfterSeconds) }
        if let cacheOutcome { response.fields.append(cacheOutcome) }
        if let bodyTypes, let field = bodyTypes.field {
            response.fields.append(field, bodyTypes.names.joined(separator: ", "))
        }
        return response
    }
}

extension Problem: JSONEncodable {
    func encode(to json: inout JSONWriter) {
        json.object { json in
            json.key("type")
            json.string("/problems/\(type)")
            json.key("title")
            json.string(status.reason)
            json.key("status")
            json.integer(Int64(status.code))
            json.key("detail")
            json.string(detail)
            guard !errors.isEmpty else { return }
            json.key("errors")
            json.array { json in
                let start = json.bytes.count
                for error in errors.prefix(Self.maximumErrors) where json.bytes.count - start < Self.maximumErrorBytes {
                    json.object { json in
                        json.key("pointer")
                        json.string(error.pointer)
                        json.key("detail")
                        json.string(error.detail)
                    }
                }
            }
        }
    }
}

extension Problem {
    /// What the server itself refuses: a request that it cannot parse, a path that it does not know.
    init(status: Int, detail: String) {
        self.init(status: Status(status), type: "http-\(status)", detail: detail)
    }

    static func badRequest(_ detail: String) -> Problem {
        Problem(status: .badRequest, type: "bad-request", detail: detail)
    }

    static func invalidParameters(_ problems: [InvalidParameter]) -> Problem {
        Problem(
            status: .badRequest, type: "invalid-parameter",
            detail: firstOf(problems.map { "Parameter \($0.name): \($0.detail)" }),
            errors: problems.map { FieldProblem(field: $0.name, $0.detail) })
    }

    private static func invalid(_ problems: [FieldProblem]) -> Problem {
        Problem(
            status: .unprocessableContent, type: "invalid",
            detail: firstOf(problems.map { "The content is not valid: \($0.sentence)" }), errors: problems)
    }

    private static func missingReference(_ field: String, _ resource: String) -> Problem {
        Problem(
            status: .conflict, type: "missing-reference", detail: "\(field) names none of the \(resource).",
            errors: [FieldProblem(pointer: "/\(field)", detail: "names none of the \(resource)")])
    }

    /// The first of several problems as a sentence; the others are in `errors`.
    private static func firstOf(_ problems: [String]) -> String {
        problems.prefix(1).joined() + (problems.count > 1 ? "; errors lists more." : ".")
    }

    /// What stands in a path where an id should.
    static func malformedID(of schema: Schema) -> Problem {
        .badRequest("The id of \(schema.resource) is \(schema.keyKind.expectation).")
    }

    /// - Parameter context: that of the read which did not find it; nil if it was looked for in order to write.
    static func notFound(_ schema: Schema, _ id: Value, _ context: ReadContext? = nil) -> Problem {
        Problem(
            status: .notFound, type: "not-found", detail: "There is no \(schema.singular) \(id.text ?? "").",
            cacheOutcome: context?.outcome)
    }

    static let notAcceptable = Problem(
        status: .notAcceptable, type: "not-acceptable",
        detail: "Accept leaves out application/json, and there is no other form.")

    static let lengthRequired = Problem(
        status: .lengthRequired, type: "length-required",
        detail: "Send a JSON body with Content-Length or Transfer-Encoding: chunked.")

    /// - Parameter type: nil if the body has none.
    static func unsupportedMediaType(_ type: String?, _ method: RequestMethod) -> Problem {
        let types = BodyTypes(of: method)
        let given = type.map { "The body's Content-Type is \($0)" } ?? "The body has no Content-Type"
        return Problem(
            status: .unsupportedMediaType, type: "unsupported-media-type",
            detail: "\(given); expected is \(types.names.joined(separator: " or ")).", bodyTypes: types)
    }

    static func unsupportedContentCoding(_ coding: String) -> Problem {
        Problem(
            status: .unsupportedMediaType, type: "unsupported-content-coding",
            detail: "The body's Content-Encoding is \(coding.excerpt); send it without one.")
    }

    static let foreignOrigin = Problem(
        status: .forbidden, type: "foreign-origin",
        detail: "A page of another origin sent this, and none that may change something here.")

    /// - Parameter setting: which lists the hosts of the listener that was asked.
    static func misdirected(_ setting: String) -> Problem {
        Problem(
            status: .misdirectedRequest, type: "misdirected",
            detail: "This service does not answer for the host that is named; \(setting) lists those for which it does.")
    }

    private static func conflict(_ type: String, _ detail: String) -> Problem {
        Problem(status: .conflict, type: type, detail: detail)
    }

    init(_ error: BodyError) {
        self.init(
            status: Status(error.status), type: "body", detail: error.reason, retryAfterSeconds: error == .noRoom ? 1 : nil)
    }

    init(_ error: DomainError) {
        switch error {
        case .invalid(let problems): self = .invalid(problems)
        case .notFound:
            self.init(status: .notFound, type: "not-found", detail: "It does not exist.")
        case .duplicate(let field):
            self = .conflict("duplicate", "Another one has the same \(field).")
            errors = [FieldProblem(field: field, "is taken by another")]
        case .missingReference(let field, let resource): self = .missingReference(field, resource)
        case .stillReferenced(let resource): self = .conflict("still-referenced", "Some \(resource) still refer to it.")
        case .refused(let refusal): self = .conflict(refusal.type, refusal.detail)
        case .preconditionFailed:
            self.init(
                status: .preconditionFailed, type: "precondition-failed",
                detail: "It is not in the state that If-Match or If-None-Match demands; read it again.")
        case .notCached:
            self.init(
                status: .gatewayTimeout, type: "not-cached",
                detail: "The cache has no valid answer, and Cache-Control: only-if-cached wants no other.")
        case .keyInUse:
            self = .conflict("key-in-use", "A request with this Idempotency-Key is still running. Try again.")
            retryAfterSeconds = 1
        case .keyReused:
            self.init(
                status: .unprocessableContent, type: "key-reused",
                detail: "This Idempotency-Key was used for another request; a new request needs a new key.")
        case .unavailable(let seconds):
            self.init(
                status: .serviceUnavailable, type: "store-unavailable", detail: "The store cannot be reached. Try again.",
                retryAfterSeconds: seconds)
        case .unwritable(let seconds):
            self.init(
                status: .serviceUnavailable, type: "store-unavailable",
                detail: "The store can be reached but takes no writes, or has no room for this. Try again later.",
                retryAfterSeconds: seconds)
        case .overloaded(let seconds):
            self.init(
                status: .serviceUnavailable, type: "overloaded",
                detail: "More requests wait for the store than may. Try again.", retryAfterSeconds: seconds)
        case .deadlineExceeded:
            self.init(
                status: .gatewayTimeout, type: "deadline-exceeded",
                detail: "The store could not answer within what one request may take.")
        case .contention:
            self.init(
                status: .serviceUnavailable, type: "contention", detail: "Other changes were in the way. Try again.",
                retryAfterSeconds: 1)
        }
    }

    init(_ error: UnreadableRow) {
        let detail = error.description.prefix(1).uppercased() + error.description.dropFirst()
        self.init(
            status: .internalServerError, type: "unreadable-row", detail: detail + "; PUT another row in its place, or delete it."
        )
    }

    static let outcomeUnknown = Problem(
        status: .serviceUnavailable, type: "outcome-unknown",
        detail: "The connection to the store was lost during the commit: look whether the change was made before trying again, "
            + "unless the request had an Idempotency-Key.",
        retryAfterSeconds: 1)

    static let unexpected = Problem(
        status: .internalServerError, type: "internal", detail: "Something unexpected happened; the log has it.")
}

extension FieldProblem {
    /// The whole input has no pointer to speak of.
    fileprivate var sentence: String { pointer.isEmpty ? "it \(detail)" : "\(pointer) \(detail)" }
}
