public import Domain
public import HTTPServer

/// The REST API over a store. It does not know whether the store's reads are cached, or which store it is.
public struct LarderAPI {
    /// What the API has to be told.
    public struct Settings: Sendable {
        /// How long a request may take, in milliseconds.
        public var deadlineMilliseconds: UInt64
        /// The tax on placed orders.
        public var taxPercent: Percent
        /// Whether clients that take the gzip coding get it.
        public var compresses: Bool
        /// For how many hours the answer to a request with an `Idempotency-Key` is kept.
        public var idempotencyHours: Int

        public init(
            deadlineMilliseconds: UInt64, taxPercent: Percent, compresses: Bool = true, idempotencyHours: Int = 24
        ) {
            self.deadlineMilliseconds = deadlineMilliseconds
            self.taxPercent = taxPercent
            self.compresses = compresses
            self.idempotencyHours = idempotencyHours
        }
    }

    /// The routes of all resources.
    ///
    /// - Parameters:
    ///   - now: milliseconds of the loop's clock.
    ///   - report: told of errors that no client caused, for the log.
    public static func router(
        _ store: any Store, _ settings: Settings, now: @escaping () -> UInt64,
        report: @escaping (any Error, Request) -> Void
    ) -> Router {
        let service = Service(
            store: store, now: now, deadlineMilliseconds: settings.deadlineMilliseconds,
            compresses: settings.compresses, idempotencyHours: settings.idempotencyHours, report: report)
        let router = Router(failure: failure)
        var registration = Registration(service: service, router: router, taxPercent: settings.taxPercent)
        Resources.visit(&registration)
        CustomerRoutes(service: service, customers: store.customers).register(on: router)
        ApplicationRoutes(service: service, applications: store.applications).register(on: router)
        DocsRoutes.register(on: router, service)
        DescriptionRoutes.register(on: router, service)
        return router
    }

    /// What stands before the routes of a listener: what is not let in, CORS, and the ids of requests.
    ///
    /// - Parameters:
    ///   - hosts: the hosts that it answers for.
    ///   - origins: the other origins whose pages may use it; nil for none.
    public static func listener(_ router: Router, _ hosts: Hosts, _ origins: CrossOrigin.Origins? = nil) -> any RequestHandler {
        FrontHandler(hosts, origins, router)
    }

    /// The description of these routes (OpenAPI 3.1) as JSON: what the service answers at `/openapi.json`.
    public static func description(of routes: [RouteDescription]) -> [UInt8] {
        Encoded(OpenAPIDocument.make(of: routes)).bytes
    }

    /// The answer to what no route takes, or what the server itself refuses.
    static func failure(_ status: Int, _ detail: String) -> Response {
        Problem(status: status, detail: detail).response
    }
}

/// Registers the routes that every resource has.
private struct Registration: ResourceVisitor {
    let service: Service
    let router: Router
    let taxPercent: Percent

    mutating func visit<E: Entity>(_ entity: E.Type) {
        let resource = Resource(service: service, repository: service.store.repository(of: E.self))
        if let orders = resource as? Resource<Order> {
            orders.register(on: router, creation: OrderCreation(taxPercent: taxPercent).read)
        } else {
            resource.register(on: router, creation: resource.creation)
        }
    }
}
