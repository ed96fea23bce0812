internal import HTTPServer

/// What stands before the routes of a listener: who is let in, CORS, and the ids of requests.
///
/// One handler for all of them, because each that waits for another costs every request a frame of its own.
final class FrontHandler: RequestHandler {
    private var ids = RequestIDs()
    private let admission: Admission
    private let crossOrigin: CrossOrigin?
    private let next: any RequestHandler

    /// - Parameters:
    ///   - origins: nil if no page of another origin may read anything, and answers need not say so.
    ///   - setting: which lists the hosts.
    init(_ hosts: Hosts, _ origins: CrossOrigin.Origins?, _ next: any RequestHandler, setting: String = "HTTP_HOSTS") {
        admission = Admission(hosts, origins ?? .listed([]), setting: setting)
        crossOrigin = origins.map(CrossOrigin.init)
        self.next = next
    }

    func respond(to request: Request) async -> Response {
        ids.number(request)
        let start = request.hasHeader("traceparent") ? ContinuousClock.now : nil
        let page = crossOrigin?.page(of: request)
        var response =
            if let objection = admission.objection(to: request) { objection } else { await next.respond(to: request) }
        if let page { crossOrigin?.admit(page, to: &response) }
        RequestIDs.mark(&response, for: request, since: start)
        return response
    }

    func refusal(of request: Request, status: Int, _ detail: String) -> Response {
        ids.number(request)
        var response = next.refusal(of: request, status: status, detail)
        if let crossOrigin { crossOrigin.admit(crossOrigin.page(of: request), to: &response) }
        RequestIDs.mark(&response, for: request, since: nil)
        return response
    }
}
