/// One request: a view into the memory that its connection reads into.
///
/// The connection uses one object for all its requests, so a request is valid until its handler has returned, and what it gives
/// as `String` or array is a copy made when it is asked for.
public final class Request {
    /// The index of the route that matched in ``Router/routes``, or -1.
    public internal(set) var route = -1
    /// A number by which handlers know the request. The server does not use it.
    public var number: UInt64 = 0
    /// The loop's clock when the head was complete, in milliseconds.
    public internal(set) var arrival: UInt64 = 0

    /// From the first byte of this request on.
    let buffer: ByteBuffer
    var parser: RequestParser
    /// The content so far, without its chunk framing.
    var content: [UInt8] = []
    /// The number of bytes that the request takes in the buffer, known once all of it was parsed.
    var length: Int?
    /// Where more content comes from; nil for a request that was made from bytes.
    unowned var connection: Connection?

    init(_ pool: BufferPool, _ limits: RequestParser.Limits) {
        buffer = ByteBuffer(pool)
        parser = RequestParser(limits: limits)
    }

    /// The method.
    public var method: RequestMethod { parser.head.method }
    /// The method as it was sent.
    public var methodName: String { text(parser.head.methodToken) }
    /// The path as it was sent, with its percent-encodings. It begins with `/`, or is `*` (for OPTIONS).
    public var path: String { text(parser.head.path) }
    /// The query as it was sent, without its question mark; empty when there is none.
    public var query: String { text(parser.head.query) }
    /// Whether the query has at least one byte.
    public var hasQuery: Bool { !parser.head.query.isEmpty }
    /// The host, and port if given, that the request is for; empty when an HTTP/1.0 request names none.
    public var authority: String { text(parser.head.authority) }

    /// Calls `body` with the bytes of ``path``.
    public func withPath<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        body(buffer.bytes.span.extracting(parser.head.path.offsets))
    }

    /// Calls `body` with the bytes of ``authority``.
    public func withAuthority<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        body(buffer.bytes.span.extracting(parser.head.authority.offsets))
    }

    /// The names and values of the query in their order, decoded.
    ///
    /// - Throws: ``BadRequest`` when a decoded name or value is not UTF-8.
    public func queryItems() throws(BadRequest) -> [DecodedQueryItem] {
        guard hasQuery else { return [] }
        let bytes = buffer.bytes.span
        var items = QueryItems(parser.head.query)
        var decoded: [DecodedQueryItem] = []
        while let item = items.next(in: bytes) {
            guard let item = DecodedQueryItem(item, in: bytes) else {
                throw BadRequest("The query is not UTF-8 when it is decoded.")
            }
            decoded.append(item)
        }
        return decoded
    }

    private func text(_ range: ByteRange) -> String { range.text(in: buffer.bytes.span) }
}
