/// The method of a request (RFC 9110 section 9), as far as the server has a name for it.
///
/// Methods are case-sensitive: `get` is not GET but `other`.
public enum RequestMethod: UInt8, Sendable {
    /// The methods of RFC 9110 section 9.3, and PATCH (RFC 5789).
    case get, head, post, put, patch, delete, options, connect, trace
    /// The method QUERY, a safe and idempotent request with content.
    case query
    /// Any other token. `RequestHead.methodToken` says which.
    case other

    init(_ token: ByteRange, in bytes: Span<UInt8>) {
        switch token.count {
        case 3 where token.equals("GET", in: bytes): self = .get
        case 3 where token.equals("PUT", in: bytes): self = .put
        case 4 where token.equals("POST", in: bytes): self = .post
        case 4 where token.equals("HEAD", in: bytes): self = .head
        case 5 where token.equals("PATCH", in: bytes): self = .patch
        case 5 where token.equals("TRACE", in: bytes): self = .trace
        case 5 where token.equals("QUERY", in: bytes): self = .query
        case 6 where token.equals("DELETE", in: bytes): self = .delete
        case 7 where token.equals("OPTIONS", in: bytes): self = .options
        case 7 where token.equals("CONNECT", in: bytes): self = .connect
        default: self = .other
        }
    }
}
