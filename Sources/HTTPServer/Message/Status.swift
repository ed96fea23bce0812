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

    @inlinable public static var ok: Status { Status(known: 200) }
    @inlinable public static var created: Status { Status(known: 201) }
    @inlinable public static var accepted: Status { Status(known: 202) }
    @inlinable public static var noContent: Status { Status(known: 204) }
    @inlinable public static var notModified: Status { Status(known: 304) }
    @inlinable public static var badRequest: Status { Status(known: 400) }
    @inlinable public static var unauthorized: Status { Status(known: 401) }
    @inlinable public static var forbidden: Status { Status(known: 403) }
    @inlinable public static var notFound: Status { Status(known: 404) }
    @inlinable public static var methodNotAllowed: Status { Status(known: 405) }
    @inlinable public static var notAcceptable: Status { Status(known: 406) }
    @inlinable public static var requestTimeout: Status { Status(known: 408) }
    @inlinable public static var conflict: Status { Status(known: 409) }
    @inlinable public static var gone: Status { Status(known: 410) }
    @inlinable public static var lengthRequired: Status { Status(known: 411) }
    @inlinable public static var preconditionFailed: Status { Status(known: 412) }
    @inlinable public static var contentTooLarge: Status { Status(known: 413) }
    @inlinable public static var uriTooLong: Status { Status(known: 414) }
    @inlinable public static var unsupportedMediaType: Status { Status(known: 415) }
    @inlinable public static var misdirectedRequest: Status { Status(known: 421) }
    @inlinable public static var unprocessableContent: Status { Status(known: 422) }
    @inlinable public static var headerTooLarge: Status { Status(known: 431) }
    @inlinable public static var internalServerError: Status { Status(known: 500) }
    @inlinable public static var serviceUnavailable: Status { Status(known: 503) }
    @inlinable public static var gatewayTimeout: Status { Status(known: 504) }

    /// Whether a response with this status has no content, whatever the request was (RFC 9110 section 6.4.1).
    var forbidsContent: Bool { code == 204 || code == 304 }

    /// The status line with its line end (RFC 9112 section 4), ready to be sent.
    ///
    /// An unknown code has the line of a code of its class; ``ByteBuffer/append(_:)`` puts the digits right.
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
