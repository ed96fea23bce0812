internal import Domain
internal import HTTPServer

/// `GET /openapi.json`: the description of all routes.
enum DescriptionRoutes {
    static let tag = "description"

    /// To be called when all other routes are registered.
    static func register(on router: Router, _ service: Service) {
        let document = Document()
        router.on(.get, "/openapi.json") { request, _ in
            await service.answer(request) {
                try service.refuseParameters(of: request)
                return Response(document.encoded, to: request, service.context(for: request))
            }
        }
        document.routes = router.routes
    }

    static func describe(in catalog: inout OperationCatalog) {
        catalog[.get, "/openapi.json"] = Operation(
            id: "describe", tag: tag, summary: "This description", parameters: Parameters.ofFiles,
            answers: [
                (.ok, Answers.representation("OpenAPI 3.1.", ["type": "object"], example: ["openapi": "3.1.0"], others: [])),
                (.notModified, Answers.notModified),
            ], problems: [.notAcceptable])
    }

    /// Made when it is first asked for, and kept in both forms.
    private final class Document {
        var routes: [RouteDescription] = []
        private(set) lazy var encoded = Encoded(OpenAPIDocument.make(of: routes)).with(.gzip)
    }
}
