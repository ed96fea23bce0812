internal import HTTPServer

/// The routes with their descriptions. What is registered once is routed and described, so that none of both is without the other.
struct Routes {
    let router: Router
    /// In the order of their registration.
    private(set) var described: [Described] = []

    /// A route, and what it is. The operation is made when somebody asks for the description.
    struct Described {
        let method: RequestMethod
        let pattern: String
        let operation: () -> Operation
    }

    init(_ router: Router) { self.router = router }

    /// Registers a route.
    mutating func on(
        _ method: RequestMethod, _ pattern: String, _ operation: @autoclosure @escaping () -> Operation,
        _ handler: @escaping Router.Handler
    ) {
        router.on(method, pattern, handler)
        described.append(Described(method: method, pattern: pattern, operation: operation))
    }
}
