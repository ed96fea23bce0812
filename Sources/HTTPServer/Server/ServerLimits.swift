/// What clients may take of a server. Times are in milliseconds, and all are kept to within a quarter of the shortest of them or a
/// second, whichever is less.
public struct ServerLimits: Sendable, Equatable {
    /// What one request may take.
    public var request = RequestParser.Limits()

    /// The most connections at a time. Beyond: 503 with `Retry-After`, and the end of the connection.
    public var maxConnections = 10_000
    /// The most connections beyond ``maxConnections`` that are being told so; more are closed without a word.
    public var maxRefusals = 100
    /// How many connections may wait in the kernel until they are accepted.
    public var backlog: Int32 = 1_024
    /// The most bytes that a connection reads ahead while a request is being answered; then it stops reading. The memory of one
    /// connection may reach this, or one request's head if that is more, and the content that a handler asked for.
    public var maxBufferedBytes = 65_536
    /// With so many bytes of responses not taken by the client, no further request of its connection is begun.
    public var maxUnsentBytes = 262_144

    /// From the first byte of a request, or from the start of the connection, until the head is complete. Then 408 if there was
    /// a byte, and the end (RFC 9110 section 15.5.9).
    public var headerMilliseconds: UInt64 = 10_000
    /// From when the handler asks for the content until it is there. Then ``BodyError/timedOut``.
    public var bodyMilliseconds: UInt64 = 30_000
    /// Between two requests. Then the end (RFC 9112 section 9.5).
    public var idleMilliseconds: UInt64 = 60_000
    /// How long the client may take nothing of a response that waits for it. Then the end.
    public var writeMilliseconds: UInt64 = 30_000
    /// How long the server goes on reading after its last response, so that the client can receive it (RFC 9112 section 9.6).
    public var lingerMilliseconds: UInt64 = 2_000
    /// How many bytes it reads and forgets in that time.
    public var maxLingerBytes = 8_388_608

    /// The defaults.
    public init() {}

    /// How often the deadlines of all connections are looked at.
    var sweepMilliseconds: UInt64 {
        let shortest = min(headerMilliseconds, bodyMilliseconds, idleMilliseconds, writeMilliseconds, lingerMilliseconds)
        return min(max(shortest / 4, 5), 1_000)
    }
}
