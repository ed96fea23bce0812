public import HTTPServer
public import Metrics
public import Model

/// What the service tells its operators on the admin listener.
public protocol Operations: AnyObject {
    /// What of the service has stopped and will not go on by itself, so that it has to be started again; empty if nothing has.
    func hangs() async -> [String]
    /// Why the service cannot serve now; empty if it can.
    func obstacles() async -> [String]
    /// What operators should look at though the service can serve.
    func doubts() async -> [String]
    func metrics() async -> [Metric]
    /// What the cache holds, by name.
    func cacheStatistics() async throws -> [(name: String, value: Int64)]
    func invalidate(_ tags: [Tag]) async throws
    func clearCache() async throws
}

/// The routes of the admin listener.
public enum AdminAPI {
    /// - Parameter declarations: what tags are of.
    public static func router(_ operations: any Operations, _ declarations: Declarations) -> Router {
        let router = Router(failure: LarderAPI.failure)
        router.on(.get, "/livez") { _, _ in health(await operations.hangs()) }
        router.on(.get, "/readyz") { _, _ in
            let obstacles = await operations.obstacles()
            return health(obstacles, doubts: obstacles.isEmpty ? await operations.doubts() : [])
        }
        router.on(.get, "/metrics") { _, _ in
            text(.ok, await operations.metrics().map(\.text).joined(), "text/plain; version=0.0.4; charset=utf-8")
        }
        router.on(.get, "/cache/stats") { _, _ in
            await answer {
                var json = JSONWriter()
                let statistics = try await operations.cacheStatistics()
                json.object { json in
                    for (name, value) in statistics {
                        json.key(name)
                        json.integer(value)
                    }
                }
                var response = Response(.ok, body: json.bytes)
                response.fields.append("Content-Type", "application/json")
                response.fields.append("Cache-Control", "no-store")
                return response
            }
        }
        router.on(.post, "/cache/invalidate") { request, _ in
            await answer {
                try await operations.invalidate(try tags(in: try await Responder.jsonBody(of: request), declarations))
                return .noContent
            }
        }
        router.on(.post, "/cache/clear") { _, _ in
            await answer {
                try await operations.clearCache()
                return .noContent
            }
        }
        return router
    }

    /// What stands before these routes: what is not let in, and the ids of requests. No page of another origin is.
    ///
    /// - Parameter hosts: the hosts that the listener answers for.
    public static func listener(_ router: Router, _ hosts: Hosts) -> any RequestHandler {
        FrontHandler(hosts, nil, router, setting: "ADMIN_HOSTS")
    }

    /// 200, or 503 with what is wrong.
    private static func health(_ problems: [String], doubts: [String] = []) -> Response {
        guard !problems.isEmpty else { return text(.ok, "ok\n" + doubts.map { "warning: \($0)\n" }.joined()) }
        var response = text(.serviceUnavailable, problems.map { $0 + "\n" }.joined())
        response.fields.append("Retry-After", "1")
        return response
    }

    private static func text(_ status: Status, _ text: String, _ type: String = "text/plain; charset=utf-8") -> Response {
        var response = Response(status, body: Array(text.utf8))
        response.fields.append("Content-Type", type)
        response.fields.append("Cache-Control", "no-store")
        return response
    }

    private static func answer(_ body: () async throws -> Response) async -> Response {
        do {
            return try await body()
        } catch let problem as Problem {
            return problem.response
        } catch let error as BodyError {
            return Problem(error).response
        } catch {
            return Problem(
                status: .serviceUnavailable, type: "cache-unavailable", detail: "The cache cannot be reached. Try again.",
                retryAfterSeconds: 1
            ).response
        }
    }

    /// Reads `{"tags": ["things:7", ...]}`.
    private static func tags(in body: JSONValue, _ declarations: Declarations) throws -> [Tag] {
        guard case .object(let members) = body, members.count == 1, members[0].name == "tags",
            case .array(let elements) = members[0].value, !elements.isEmpty
        else {
            throw Problem(DomainError.invalid([FieldProblem(field: "tags", "expects an array of at least one tag")]))
        }
        return try elements.enumerated().map { index, element in
            func problem(_ detail: String) -> Problem {
                Problem(DomainError.invalid([FieldProblem(pointer: "/tags/\(index)", detail: detail)]))
            }
            guard case .string(let name) = element else { throw problem("expects a tag") }
            do throws(InvalidTag) { return try declarations.tag(reading: name) } catch {
                throw problem("is no tag: \(error.reason)")
            }
        }
    }
}
