/// Answers requests.
public protocol RequestHandler: AnyObject {
    /// Answers `request`, on the server's loop. It may wait; `request` and all that was read from it without copying are valid
    /// until it returns. The response of a client that has gone away is dropped.
    func respond(to request: Request) async -> Response

    /// Makes the answer to a request that the server itself refuses, instead of ``respond(to:)``: it is no HTTP, takes more than it
    /// may, came too slowly, or its connection is one too many. It is the last one of its connection.
    ///
    /// - Parameters:
    ///   - request: its header fields as far as they have arrived and were understood. Nothing else of it is known.
    ///   - status: 400 to 599.
    ///   - detail: what is wrong, as one sentence for the person who sent the request.
    func refusal(of request: Request, status: Int, _ detail: String) -> Response
}
