public import HTTPServer
public import Model

/// The REST API of what is declared, over a store. It does not know whether the store's reads are cached, or which store it is.
public struct LarderAPI {
    /// The routes of all resources, and those of the description.
    public let router: Router
    private let document: DescriptionRoutes.Document

    /// What the API has to be told.
    public struct Options: Sendable {
        /// How long a request may take, in milliseconds.
        public var deadlineMilliseconds: UInt64
        /// Whether clients that take the gzip coding get it.
        public var compresses: Bool
        /// For how many hours the answer to a request with an `Idempotency-Key` is kept.
        public var idempotencyHours: Int
        /// The values of the domain's settings, for actions.
        public var settings: Settings

        /// All but the deadline have defaults.
        public init(
            deadlineMilliseconds: UInt64, compresses: Bool = true, idempotencyHours: Int = 24, settings: Settings = Settings()
        ) {
            self.deadlineMilliseconds = deadlineMilliseconds
            self.compresses = compresses
            self.idempotencyHours = idempotencyHours
            self.settings = settings
        }
    }

    /// Makes the routes, once for each worker.
    ///
    /// - Parameters:
    ///   - now: milliseconds of the loop's clock.
    ///   - report: told of errors that no client caused, for the log.
    public init(
        _ declarations: Declarations, _ store: any Store, _ options: Options, now: @escaping () -> UInt64,
        report: @escaping (any Error, Request) -> Void
    ) {
        let responder = Responder(store, options, now: now, report: report)
        var routes = Routes(Router(failure: Self.failure))
        for schema in declarations.schemas {
            ResourceRoutes(schema, declarations, responder).register(in: &routes)
        }
        DocsRoutes.register(in: &routes, responder)
        document = DescriptionRoutes.register(in: &routes, declarations, responder)
        router = routes.router
    }

    /// The description of the routes (OpenAPI 3.1) as JSON: what is answered at `/openapi.json`.
    public var description: [UInt8] { document.encoded.bytes }

    /// What stands before the routes of the API: what is not let in, CORS, and the ids of requests.
    ///
    /// - Parameters:
    ///   - hosts: the hosts that it answers for.
    ///   - origins: the other origins whose pages may use it; nil for none.
    public static func listener(_ router: Router, _ hosts: Hosts, _ origins: CrossOrigin.Origins? = nil) -> any RequestHandler {
        FrontHandler(hosts, origins, router)
    }

    /// The answer to what no route takes, or what the server itself refuses.
    static func failure(_ status: Int, _ detail: String) -> Response {
        Problem(status: status, detail: detail).response
    }
}
