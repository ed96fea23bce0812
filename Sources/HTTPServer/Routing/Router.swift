/// A route as it was registered.
public struct RouteDescription: Sendable, Hashable {
    /// The method that it was registered for; a route for GET may answer HEAD too.
    public let method: RequestMethod
    /// The pattern, as in `/v1/products/{id}`.
    public let pattern: String
}

/// Finds the handler for a request by its path and method.
///
/// - A literal segment of a pattern wins over a parameter; a parameter takes one segment that is not empty. Letters may be
///   percent-encoded, but their case matters, and a path with a slash at its end is another one.
/// - HEAD goes to the handler of GET if it has none of its own; OPTIONS is answered with 204 and `Allow`.
/// - A path that no pattern matches gives 404, or 501 if the server does not even know the method. A method that a known path does
///   not have gives 405 with `Allow`.
public final class Router: RequestHandler {
    /// Answers the requests of one route.
    public typealias Handler = (Request, PathParameters) async -> Response

    /// All routes in the order of their registration. ``Request/route`` is an index into them.
    public private(set) var routes: [RouteDescription] = []

    private let failure: (Int, String) -> Response
    private var tree = RouteTree()
    /// By index of the route. (As plain functions in an array they would be called through thunks.)
    private var handlers: [Route] = []
    /// By node of the tree.
    private var methods: [Methods] = []

    private struct Route {
        let handler: Handler
    }

    /// The routes at one node: for each method, by its raw value, -1 where there is none.
    private struct Methods {
        var routes = InlineArray<10, Int16>(repeating: -1)

        subscript(method: RequestMethod) -> Int {
            get { method == .other ? -1 : Int(routes[Int(method.rawValue)]) }
            set { routes[Int(method.rawValue)] = Int16(newValue) }
        }
    }

    /// - Parameter failure: makes the response for a status and a sentence about it.
    public init(failure: @escaping (Int, String) -> Response) {
        self.failure = failure
    }

    /// Registers a route.
    ///
    /// - Parameters:
    ///   - method: any but CONNECT and `other`, which trap; so does a route that exists already.
    ///   - pattern: as in `/v1/products/{id}`, with at most ``PathParameters/maxCount`` parameters.
    public func on(_ method: RequestMethod, _ pattern: String, _ handler: @escaping Handler) {
        precondition(method != .connect && method != .other, "no route can have this method")
        let place = tree.insert(pattern)
        while methods.count < tree.count { methods.append(Methods()) }
        precondition(methods[place][method] == -1, "the route \(method) \(pattern) is registered twice")
        methods[place][method] = routes.count
        routes.append(RouteDescription(method: method, pattern: pattern))
        handlers.append(Route(handler: handler))
    }

    /// Hands the request to the handler of its route, or says that there is none.
    public func respond(to request: Request) async -> Response {
        var parameters = RouteTree.Parameters()
        guard let place = find(request, &parameters) else { return respondUnknown(request) }
        var route = methods[place][request.method]
        if route == -1 && request.method == .head { route = methods[place][.get] }
        guard route != -1 else { return respondWithoutRoute(request, methods[place]) }
        request.route = route
        return await handlers[route].handler(request, PathParameters(request, parameters.ranges, count: parameters.count))
    }

    /// A response like those for requests that no route matches.
    public func refusal(of request: Request, status: Int, _ detail: String) -> Response { failure(status, detail) }

    private func find(_ request: Request, _ parameters: inout RouteTree.Parameters) -> Int? {
        tree.find(request.parser.head.path.offsets, in: request.buffer.bytes.span, &parameters)
    }

    private func respondUnknown(_ request: Request) -> Response {
        if request.method == .options && request.path == "*" {
            var all = Methods()
            for (index, route) in routes.enumerated() { all[route.method] = index }
            return options(allowed(all))
        }
        return request.method == .other
            ? failure(501, "This server does not know the method.")
            : failure(404, "There is nothing at this path.")
    }

    private func respondWithoutRoute(_ request: Request, _ methods: Methods) -> Response {
        let allow = allowed(methods)
        if request.method == .options { return options(allow) }
        var response = failure(405, "This path does not have this method, but \(allow).")
        response.fields.append("Allow", allow)
        return response
    }

    private func options(_ allow: String) -> Response {
        var response = Response(.noContent)
        response.fields.append("Allow", allow)
        response.fields.append("Cache-Control", "no-store")
        return response
    }

    /// The value of `Allow` (RFC 9110 section 10.2.1).
    private func allowed(_ methods: Methods) -> String {
        var names: [String] = []
        for method in RequestMethod.routable {
            let isImplied = method == .options || (method == .head && methods[.get] != -1)
            if isImplied || methods[method] != -1 { names.append(method.name) }
        }
        return names.joined(separator: ", ")
    }
}

extension RequestMethod {
    /// All that a route may have.
    static let routable: [RequestMethod] = [.get, .head, .post, .put, .patch, .delete, .options, .trace, .query]

    /// The method as it is sent; empty for `other`.
    public var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .connect: "CONNECT"
        case .trace: "TRACE"
        case .query: "QUERY"
        case .other: ""
        }
    }
}
