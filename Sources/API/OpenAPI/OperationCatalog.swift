internal import Domain
internal import HTTPServer

/// The descriptions of all routes, with the parts that they refer to.
///
/// A route that is added is described here, too: a test fails for a route without an operation, and for an operation
/// without a route.
struct OperationCatalog: ResourceVisitor {
    private var byRoute: [String: Operation] = [:]
    private(set) var tags: [String] = []
    private(set) var schemas: [JSONLiteral.Member] = []
    private(set) var parameters: [JSONLiteral.Member] = Parameters.paging + Parameters.headers

    init() {
        Resources.visit(&self)
        StorefrontOperations.describe(in: &self)
        DeployTrackerOperations.describe(in: &self)
        DocsRoutes.describe(in: &self)
        DescriptionRoutes.describe(in: &self)
        schemas += StorefrontOperations.schemas
    }

    mutating func visit<E: Entity>(_ entity: E.Type) {
        tags.append(E.resource)
        ResourceOperations<E>.describe(in: &self)
        schemas += ResourceSchemas<E>.components
        parameters += ListParameters<E>.components
    }

    /// - Parameter pattern: as the route was registered.
    subscript(method: RequestMethod, pattern: String) -> Operation? {
        get { byRoute[Self.key(method, pattern)] }
        set { byRoute[Self.key(method, pattern)] = newValue }
    }

    /// All that are described, as `GET /v1/products`.
    var routes: Set<String> { Set(byRoute.keys) }

    static func key(_ method: RequestMethod, _ pattern: String) -> String { "\(method.name) \(pattern)" }
}
