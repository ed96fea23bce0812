internal import HTTPServer
internal import Model

/// What operations answer when they do what was asked for.
enum Answers {
    /// A representation with its validator.
    static func representation(
        _ description: String, _ schema: JSONLiteral, example: JSONLiteral, others: [AnswerHeader] = [.cacheStatus],
        type: String = "application/json"
    ) -> JSONLiteral {
        answer(
            description, [.etag, .revalidate, .contentEncoding] + others,
            .object([JSONLiteral.Member(name: type, value: ["schema": schema, "example": example])]))
    }

    /// What a write made.
    static func written(
        _ description: String, _ schema: JSONLiteral, example: JSONLiteral, others: [AnswerHeader] = []
    ) -> JSONLiteral {
        answer(description, [.etag, .noStore] + others, ["application/json": ["schema": schema, "example": example]])
    }

    /// No content, where there could be some: what has no Content-Type of its own is octets (RFC 9110, section 8.3).
    static let noContent: JSONLiteral = [
        "application/octet-stream": ["schema": ["type": "string", "maxLength": 0], "example": ""]
    ]

    static let notModified = reference("responses", "NotModified")
    static let short = reference("responses", "Short")
    /// The same of what is done once for all requests with the same key.
    static let shortOnce = answer(
        "Done, told as shortly as the client prefers.", [.etag, .noStore, .preferenceApplied, .idempotencyReplayed])
    static let gone = reference("responses", "NoContent")

    /// The components that the references above name, and what no operation answers.
    static let components: JSONLiteral = [
        "NotModified": answer("The client has it already.", [.etag, .revalidate, .cacheStatus]),
        "Short": answer("Done, told as shortly as the client prefers.", [.etag, .noStore, .preferenceApplied]),
        "NoContent": answer("Done.", [.noStore]),
        "Options": answer(
            "To OPTIONS, at every path.", [.allow, .noStore, .allowMethods, .allowHeaders, .preflightAge]),
    ]

    static func answer(_ description: String, _ headers: [AnswerHeader], _ content: JSONLiteral? = nil) -> JSONLiteral {
        let answer: JSONLiteral = ["description": .string(description), "headers": headers.ofAnswer]
        return content.map { answer.adding(["content": $0]) } ?? answer
    }
}
