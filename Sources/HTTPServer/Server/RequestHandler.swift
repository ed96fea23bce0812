/// Answers requests.
public protocol RequestHandler: AnyObject {
    /// Answers `request`, on the server's loop. It may wait; `request` and all that was read from it without copying are valid
    /// until it returns. The response of a client that has gone away is dropped.
    func respond(to request: Request) async -> Response
}
