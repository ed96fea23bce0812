internal import Domain
internal import HTTPServer

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

    static func register(on router: Router, _ service: Service) {
        for file in files {
            let bytes = Array(file.text.utf8)
            let encoded = Encoded(bytes: bytes, tag: EntityTag(of: bytes))
            router.on(.get, file.path) { request, _ in
                await service.answer(request, isJSON: false) {
                    try service.refuseParameters(of: request)
                    var response = Response(encoded, to: request, service.context(for: request), type: file.type)
                    response.fields.append("Content-Security-Policy", policy)
                    response.fields.append("X-Content-Type-Options", "nosniff")
                    response.fields.append("Referrer-Policy", "no-referrer")
                    return response
                }
            }
        }
    }

    static func describe(in catalog: inout OperationCatalog) {
        for file in files {
            let type = String(file.type.prefix { $0 != ";" })
            catalog[.get, file.path] = Operation(
                id: "docs" + (file.path.split(separator: ".").dropFirst().first ?? ""), tag: DescriptionRoutes.tag,
                summary: file.path == "/docs" ? "The API for people" : "Part of the page /docs",
                parameters: Parameters.ofFiles,
                answers: [
                    (
                        .ok,
                        Answers.representation(
                            "The file.", ["type": "string"], example: .string(String(file.text.prefix(40))),
                            others: AnswerHeader.ofPages, type: type)
                    ), (.notModified, Answers.notModified),
                ], problems: [])
        }
    }
}
