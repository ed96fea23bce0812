/// Why the content of a request cannot be had. Whatever the handler answers then, the connection ends after it.
public enum BodyError: Error, Hashable, Sendable {
    /// It is longer than the server accepts.
    case tooLarge
    /// It did not arrive in time.
    case timedOut
    /// The server holds as much for its clients as it may (``ServerLimits/bufferBytes``). Trying again may help.
    case noRoom
    /// The client went away before it was complete.
    case disconnected
    /// Its chunked framing is wrong (RFC 9112 section 7.1), for this reason.
    case malformed(ParseFailure)

    init(_ failure: ParseFailure) {
        self = failure == .bodyTooLarge ? .tooLarge : .malformed(failure)
    }

    /// The status to answer with: 400, 408, 413, 431 or 503.
    public var status: Int {
        switch self {
        case .tooLarge: 413
        case .timedOut: 408
        case .noRoom: 503
        case .disconnected: 400
        case .malformed(let failure): failure.status
        }
    }

    /// What is wrong, as one sentence for the person who sent the request.
    public var reason: String {
        switch self {
        case .tooLarge: ParseFailure.bodyTooLarge.reason
        case .timedOut: "The content did not arrive in time."
        case .noRoom: "The server holds as much for its clients as it may; try again."
        case .disconnected: "The connection ended before the content was complete."
        case .malformed(let failure): failure.reason
        }
    }
}

/// A request that cannot be understood though it is well-formed HTTP.
public struct BadRequest: Error, Hashable, Sendable {
    /// What is wrong, as one sentence for the person who sent the request.
    public let detail: String

    public init(_ detail: String) { self.detail = detail }
}
