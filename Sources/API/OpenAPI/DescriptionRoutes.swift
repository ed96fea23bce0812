internal import HTTPServer
internal import Model

/// `GET /openapi.json`: the description of all routes.
enum DescriptionRoutes {
    static let tag = "description"

    /// To be called when all other routes are registered.
    ///
    /// - Returns: the description of them all.
    static func register(in routes: inout Routes, _ declarations: Declarations, _ responder: Responder) -> Document {
        let document = Document(declarations)
        routes.on(.get, "/openapi.json", operation) { request, _ in
            await responder.answer(request) {
                try responder.refuseParameters(of: request)
                return Response(document.encoded, to: request, responder.context(for: request))
            }
        }
        document.routes = routes.described
        return document
    }

    private static var operation: Operation {
        Operation(
            id: "describe", tag: tag, summary: "This description", parameters: Parameters.ofFiles,
            answers: [
                (.ok, Answers.representation("OpenAPI 3.1.", ["type": "object"], example: ["openapi": "3.1.0"], others: [])),
                (.notModified, Answers.notModified),
            ], problems: [.notAcceptable])
    }

    /// Made when it is first asked for, and kept in both forms.
    final class Document {
        fileprivate var routes: [Routes.Described] = []
        private let declarations: Declarations
        private(set) lazy var encoded = Encoded(OpenAPIDocument.make(of: declarations, routes)).with(.gzip)

        fileprivate init(_ declarations: Declarations) { self.declarations = declarations }
    }
}
