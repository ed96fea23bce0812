internal import HTTPServer
internal import Model

/// `GET /docs`: a page on which people read the description of the API and try it.
enum DocsRoutes {
    private static let files: [(path: String, type: String, text: String)] = [
        ("/docs", "text/html; charset=utf-8", DocsPage.html),
        ("/docs/style.css", "text/css; charset=utf-8", DocsStyle.css),
        ("/docs/script.js", "text/javascript; charset=utf-8", DocsScript.javaScript),
    ]

    /// The page loads and asks nothing but this service, runs no script and has no style but its own, and no other page
    /// can frame it.
    static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
        frame-ancestors 'none'
        """

    static func register(in routes: inout Routes, _ responder: Responder) {
        for file in files {
            let bytes = Array(file.text.utf8)
            let encoded = Encoded(bytes: bytes, tag: EntityTag(of: bytes))
            routes.on(.get, file.path, operation(file.path, file.type, file.text)) { request, _ in
                await responder.answer(request, isJSON: false) {
                    try responder.refuseParameters(of: request)
                    var response = Response(encoded, to: request, responder.context(for: request), type: file.type)
                    response.fields.append("Content-Security-Policy", policy)
                    response.fields.append("X-Content-Type-Options", "nosniff")
                    response.fields.append("Referrer-Policy", "no-referrer")
                    return response
                }
            }
        }
    }

    private static func operation(_ path: String, _ type: String, _ text: String) -> Operation {
        let answer = Answers.representation(
            "The file.", ["type": "string"], example: .string(String(text.prefix(40))), others: AnswerHeader.ofPages,
            type: String(type.prefix { $0 != ";" }))
        return Operation(
            id: "docs" + (path.split(separator: ".").dropFirst().first ?? ""), tag: DescriptionRoutes.tag,
            summary: path == "/docs" ? "The API for people" : "Part of the page /docs", parameters: Parameters.ofFiles,
            answers: [(.ok, answer), (.notModified, Answers.notModified)], problems: [])
    }
}
