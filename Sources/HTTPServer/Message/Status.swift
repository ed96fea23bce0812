/// The status of a response (RFC 9110 section 15).
public struct Status: Hashable, Sendable {
    /// The code, 200 to 599.
    public let code: UInt16

    /// - Parameter code: 200 to 599: a final status. Others trap.
    public init(_ code: Int) {
        precondition(200...599 ~= code, "a response has a final status")
        self.code = UInt16(code)
    }

    @inlinable
    init(known code: UInt16) { self.code = code }

    /// The reason phrase of RFC 9110, as in `Not Found`; empty for a code without one.
    public var reason: String {
        line.withUTF8Buffer { line in
            line.count > 15 ? String(decoding: line.dropFirst(13).dropLast(2), as: UTF8.self) : ""
        }
    }

    /// 200: the request was done, and its result is the content (RFC 9110 section 15.3.1).
    @inlinable public static var ok: Status { Status(known: 200) }
    /// 201: a resource was made; `Location` names it (RFC 9110 section 15.3.2).
    @inlinable public static var created: Status { Status(known: 201) }
    /// 202: the request was taken, and is not done yet (RFC 9110 section 15.3.3).
    @inlinable public static var accepted: Status { Status(known: 202) }
    /// 204: the request was done, and there is nothing to say (RFC 9110 section 15.3.5).
    @inlinable public static var noContent: Status { Status(known: 204) }
    /// 304: what the client has is what it would get (RFC 9110 section 15.4.5).
    @inlinable public static var notModified: Status { Status(known: 304) }
    /// 400: the request makes no sense (RFC 9110 section 15.5.1).
    @inlinable public static var badRequest: Status { Status(known: 400) }
    /// 401: the client has not said who it is, or not so that it is believed (RFC 9110 section 15.5.2).
    @inlinable public static var unauthorized: Status { Status(known: 401) }
    /// 403: who the client is may not do this (RFC 9110 section 15.5.4).
    @inlinable public static var forbidden: Status { Status(known: 403) }
    /// 404: there is nothing at the path (RFC 9110 section 15.5.5).
    @inlinable public static var notFound: Status { Status(known: 404) }
    /// 405: the resource does not have the method; `Allow` names those that it has (RFC 9110 section 15.5.6).
    @inlinable public static var methodNotAllowed: Status { Status(known: 405) }
    /// 406: there is no representation that the client accepts (RFC 9110 section 15.5.7).
    @inlinable public static var notAcceptable: Status { Status(known: 406) }
    /// 408: the request did not arrive in time (RFC 9110 section 15.5.9).
    @inlinable public static var requestTimeout: Status { Status(known: 408) }
    /// 409: the state of the resource does not allow it (RFC 9110 section 15.5.10).
    @inlinable public static var conflict: Status { Status(known: 409) }
    /// 410: there was something at the path, and never will be again (RFC 9110 section 15.5.11).
    @inlinable public static var gone: Status { Status(known: 410) }
    /// 411: the content needs a `Content-Length` (RFC 9110 section 15.5.12).
    @inlinable public static var lengthRequired: Status { Status(known: 411) }
    /// 412: a condition of the request does not hold (RFC 9110 section 15.5.13).
    @inlinable public static var preconditionFailed: Status { Status(known: 412) }
    /// 413: the content is longer than the server takes (RFC 9110 section 15.5.14).
    @inlinable public static var contentTooLarge: Status { Status(known: 413) }
    /// 414: the target is longer than the server takes (RFC 9110 section 15.5.15).
    @inlinable public static var uriTooLong: Status { Status(known: 414) }
    /// 415: the content is in a format that is not taken here (RFC 9110 section 15.5.16).
    @inlinable public static var unsupportedMediaType: Status { Status(known: 415) }
    /// 421: the request is for a host that this server does not serve (RFC 9110 section 15.5.20).
    @inlinable public static var misdirectedRequest: Status { Status(known: 421) }
    /// 422: the content is well-formed, and what it asks for cannot be done (RFC 9110 section 15.5.21).
    @inlinable public static var unprocessableContent: Status { Status(known: 422) }
    /// 431: the header fields are longer than the server takes (RFC 6585 section 5).
    @inlinable public static var headerTooLarge: Status { Status(known: 431) }
    /// 500: the server failed (RFC 9110 section 15.6.1).
    @inlinable public static var internalServerError: Status { Status(known: 500) }
    /// 503: the server cannot now; `Retry-After` may say when to try again (RFC 9110 section 15.6.4).
    @inlinable public static var serviceUnavailable: Status { Status(known: 503) }
    /// 504: what the server needs for the answer did not answer in time (RFC 9110 section 15.6.5).
    @inlinable public static var gatewayTimeout: Status { Status(known: 504) }

    /// Whether a response with this status has no content, whatever the request was (RFC 9110 section 6.4.1).
    var forbidsContent: Bool { code == 204 || code == 304 }

    /// The status line with its line end (RFC 9112 section 4), ready to be sent.
    ///
    /// An unknown code has the line of a code of its class; whoever writes it puts the digits right.
    var line: StaticString {
        switch code {
        case 200: "HTTP/1.1 200 OK\r\n"
        case 201: "HTTP/1.1 201 Created\r\n"
        case 202: "HTTP/1.1 202 Accepted\r\n"
        case 204: "HTTP/1.1 204 No Content\r\n"
        case 303: "HTTP/1.1 303 See Other\r\n"
        case 304: "HTTP/1.1 304 Not Modified\r\n"
        case 307: "HTTP/1.1 307 Temporary Redirect\r\n"
        case 308: "HTTP/1.1 308 Permanent Redirect\r\n"
        case 400: "HTTP/1.1 400 Bad Request\r\n"
        case 401: "HTTP/1.1 401 Unauthorized\r\n"
        case 403: "HTTP/1.1 403 Forbidden\r\n"
        case 404: "HTTP/1.1 404 Not Found\r\n"
        case 405: "HTTP/1.1 405 Method Not Allowed\r\n"
        case 406: "HTTP/1.1 406 Not Acceptable\r\n"
        case 408: "HTTP/1.1 408 Request Timeout\r\n"
        case 409: "HTTP/1.1 409 Conflict\r\n"
        case 410: "HTTP/1.1 410 Gone\r\n"
        case 411: "HTTP/1.1 411 Length Required\r\n"
        case 412: "HTTP/1.1 412 Precondition Failed\r\n"
        case 413: "HTTP/1.1 413 Content Too Large\r\n"
        case 414: "HTTP/1.1 414 URI Too Long\r\n"
        case 415: "HTTP/1.1 415 Unsupported Media Type\r\n"
        case 417: "HTTP/1.1 417 Expectation Failed\r\n"
        case 421: "HTTP/1.1 421 Misdirected Request\r\n"
        case 422: "HTTP/1.1 422 Unprocessable Content\r\n"
        case 428: "HTTP/1.1 428 Precondition Required\r\n"
        case 429: "HTTP/1.1 429 Too Many Requests\r\n"
        case 431: "HTTP/1.1 431 Request Header Fields Too Large\r\n"
        case 500: "HTTP/1.1 500 Internal Server Error\r\n"
        case 501: "HTTP/1.1 501 Not Implemented\r\n"
        case 502: "HTTP/1.1 502 Bad Gateway\r\n"
        case 503: "HTTP/1.1 503 Service Unavailable\r\n"
        case 504: "HTTP/1.1 504 Gateway Timeout\r\n"
        case 505: "HTTP/1.1 505 HTTP Version Not Supported\r\n"
        default: "HTTP/1.1 000 \r\n"
        }
    }
}
