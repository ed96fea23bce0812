internal import EventLoop

/// What comes in over one connection: bytes of requests, within the room that there is for them, at the pace of the client.
final class ConnectionInput {
    private let stream: Stream
    private let server: Server
    private let request: Request
    private var held: HeldBytes
    private var isReading = false
    /// Whether the client has sent its last byte.
    private(set) var hasEnded = false

    init(_ stream: Stream, _ server: Server, _ request: Request) {
        self.stream = stream
        self.server = server
        self.request = request
        held = HeldBytes(
            ownBytes: server.limits.ownBytes, rates: .init(least: server.limits.bodyRate, held: server.limits.heldRate))
    }

    // MARK: Reading

    /// Reads on, if it does not yet.
    func read() {
        guard !isReading && !hasEnded else { return }
        isReading = true
        stream.startReading()
    }

    /// Lets the client wait, if it does not yet.
    func pause() {
        guard isReading else { return }
        isReading = false
        stream.stopReading()
    }

    /// The client has sent its last byte, or is gone.
    func end() {
        isReading = false
        hasEnded = true
    }

    // MARK: Room

    /// The bytes for which the server's budget is charged.
    var charge: Int { held.charge }

    /// Whether there is room for `count` bytes that were read. The server's budget is charged before they are kept.
    @inline(__always)
    func hold(_ count: Int, for connection: Connection) -> Bool {
        let missing = held.missing(for: request.heldBytes + count)
        return missing <= 0 || take(missing, for: connection)
    }

    @inline(never)
    private func take(_ missing: Int, for connection: Connection) -> Bool {
        guard server.holdRequest(missing, for: connection) else { return false }
        held.charge(missing)
        return true
    }

    /// Gives back what is not held any more.
    @inline(__always)
    func settle() {
        if held.charge > 0 { server.room.giveBackRequest(held.reduce(to: request.heldBytes)) }
    }

    /// Forgets all of the request.
    func release() {
        request.release()
        settle()
    }

    // MARK: Pace

    /// More of a head or of content is awaited.
    func awaitMore() { held.begin(server.loop.now) }

    /// So many bytes have come.
    func moved(_ count: Int) { held.moved(count, server.loop.now) }

    /// What was awaited has come, or will not.
    func endWait() { held.end() }

    /// Whether what is awaited comes too slowly.
    func isTooSlow(_ now: UInt64) -> Bool { held.isTooSlow(now) }

    /// How far the client is behind ``ServerLimits/heldRate``, if bytes are charged for it; else nil.
    func lag(_ now: UInt64) -> UInt64? { held.charge > 0 ? held.lag(now) : nil }
}
