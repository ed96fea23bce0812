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

    /// The bytes that are held for all clients together: one half for requests, that is heads and content, and one half for
    /// answers that the clients have not taken. What does not fit is answered with 503 and `Retry-After`.
    public var bufferBytes = 33_554_432
    /// What each connection may hold beside that, of requests and once more of answers: so a client with small ones
    /// is served whatever others hold.
    public var ownBytes = 16_384
    /// The most bytes that a connection reads ahead while a request is being answered; then it stops reading.
    public var maxBufferedBytes = 8_192
    /// With so many bytes of responses not taken by the client, no further request of its connection is begun.
    public var maxUnsentBytes = 65_536
    /// So many requests of one connection are served in a turn of the loop. The rest waits until others had theirs.
    public var maxRequestsPerTurn = 16

    /// From the first byte of a request, or from the start of the connection, until the head is complete. Then 408 if there was
    /// a byte, and the end (RFC 9110 section 15.5.9).
    public var headerMilliseconds: UInt64 = 10_000
    /// From when the handler asks for the content until it is there. Then ``BodyError/timedOut``.
    public var bodyMilliseconds: UInt64 = 30_000
    /// How slowly content may arrive that the handler asked for. Slower: ``BodyError/timedOut``.
    public var bodyRate = LeastRate(bytesPerSecond: 240, graceMilliseconds: 10_000)
    /// How slowly the client may take the answers. Slower: the end.
    public var answerRate = LeastRate(bytesPerSecond: 240, graceMilliseconds: 10_000)
    /// How fast a client moves that holds others up no more than it has to: a megabyte is held for it for ten seconds. Slower
    /// ones go on as long as there is room for all; see ``stallMilliseconds``.
    public var heldRate = LeastRate(bytesPerSecond: 100_000, graceMilliseconds: 10_000)
    /// When ``bufferBytes`` are held, those clients have to go that are so much behind ``heldRate``, the worst first.
    public var stallMilliseconds: UInt64 = 1_000
    /// Between two requests. Then the end (RFC 9112 section 9.5).
    public var idleMilliseconds: UInt64 = 60_000
    /// How long the server goes on reading after its last response, so that the client can receive it (RFC 9112 section 9.6).
    public var lingerMilliseconds: UInt64 = 2_000
    /// How many bytes it reads and forgets in that time.
    public var maxLingerBytes = 8_388_608

    /// The defaults.
    public init() {}

    /// How often the deadlines of all connections are looked at.
    var sweepMilliseconds: UInt64 {
        let all = [
            headerMilliseconds, bodyMilliseconds, bodyRate.graceMilliseconds, answerRate.graceMilliseconds, idleMilliseconds,
            lingerMilliseconds,
        ]
        return min(max(all.min()! / 4, 5), 1_000)
    }
}
