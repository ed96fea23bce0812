/// How the content of a request is delimited (RFC 9112 section 6).
public enum BodyFraming: Equatable, Sendable {
    /// Neither Content-Length nor Transfer-Encoding was sent: there is no content.
    case none
    /// Content-Length was sent: that many bytes follow, possibly none.
    case length(Int)
    /// `Transfer-Encoding: chunked` was sent: the length shows at the end.
    case chunked
}

/// The request line and the header of one request, as offsets from the first byte of the request.
///
/// To get at text, hand the connection's buffer, from that byte on, to the ranges.
public struct RequestHead: Equatable, Sendable {
    /// The method.
    public internal(set) var method = RequestMethod.other
    /// The method as it was sent: a token (RFC 9110 section 9.1).
    public internal(set) var methodToken = ByteRange.none

    /// The whole request target as it was sent (RFC 9112 section 3.2).
    public internal(set) var target = ByteRange.none
    /// The path of the target, still percent-encoded, with valid encodings only and none of NUL. It begins with `/`, also for
    /// an absolute-form target that leaves the path out, or else is `*` (then the method is OPTIONS).
    public internal(set) var path = ByteRange.none
    /// What follows the first `?` of the target, still percent-encoded. Empty when there is no query.
    public internal(set) var query = ByteRange.none
    /// The host, and port if given, that the request is for: from an absolute-form target, else from Host. Empty when an
    /// HTTP/1.0 request names none, or for an empty Host with the target `*`.
    public internal(set) var authority = ByteRange.none

    /// The minor version of HTTP/1: 0 or 1.
    public internal(set) var minorVersion: UInt8 = 1
    /// The header fields.
    public internal(set) var fields = HeaderTable()

    /// Whether the connection may serve another request after this one (RFC 9112 section 9.3).
    public internal(set) var keepsAlive = false
    /// How the content is delimited.
    public internal(set) var framing = BodyFraming.none
    /// Whether the client waits for `100 Continue` before it sends the content (RFC 9110 section 10.1.1). False when no content
    /// is to follow, and in HTTP/1.0.
    public internal(set) var expectsContinue = false

    /// The length of the head in bytes, with the empty line at its end: the content begins at this offset.
    public internal(set) var length = 0

    /// Whether content was announced that is not known to be empty.
    var hasContent: Bool { framing != .none && framing != .length(0) }

    init() {}
}
