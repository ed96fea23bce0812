internal import EventLoop

/// Bytes are held for clients within ``ServerLimits/bufferBytes``. Whoever asks for more when that is full is refused, unless others
/// stall: those make room, so that nobody keeps the rest out by doing nothing.
extension Server {
    /// Holds so many more bytes of requests for `connection`.
    ///
    /// - Returns: whether there is room for them.
    func holdRequest(_ count: Int, for connection: Connection) -> Bool {
        if heldRequests.take(count) { return true }
        if connection.inputCharge + count <= heldRequests.capacity {
            endStalled(.request, by: limits.stallMilliseconds, but: connection) { heldRequests.hasRoom(for: count) }
            if heldRequests.take(count) { return true }
        }
        noteRefusal(.request)
        return false
    }

    /// Holds so many more copied bytes of answers for `connection`, and a share in `body`.
    ///
    /// - Parameters:
    ///   - body: nil if none is shared.
    ///   - isOwed: whether the request has had an effect, so that its client has to hear of it: then others make room though they
    ///     do not stall.
    /// - Returns: whether there is room for both.
    func holdAnswer(_ count: Int, _ body: [UInt8]?, isOwed: Bool, for connection: Connection) -> Bool {
        if takeAnswer(count, body) { return true }
        // The client may take at once what was gathered in this turn.
        turn.send()
        if takeAnswer(count, body) { return true }
        func cost() -> Int { count + (body.map { heldAnswers.cost(ofStorage: $0.address, $0.count) } ?? 0) }
        // Nobody goes for what is longer than all that may be held.
        if connection.outputCharge + cost() <= heldAnswers.capacity {
            endStalled(.answer, by: isOwed ? 0 : limits.stallMilliseconds, but: connection) { heldAnswers.hasRoom(for: cost()) }
            if takeAnswer(count, body) { return true }
        }
        noteRefusal(.answer)
        return false
    }

    private func takeAnswer(_ count: Int, _ body: [UInt8]?) -> Bool {
        guard heldAnswers.take(count) else { return false }
        guard let body, !heldAnswers.takeShare(ofStorage: body.address, body.count) else { return true }
        heldAnswers.giveBack(count)
        return false
    }

    /// The share of one connection in a body is over.
    func giveBackAnswer(_ body: [UInt8]) { heldAnswers.giveBackShare(ofStorage: body.address) }

    /// Ends clients that are so much behind ``ServerLimits/heldRate``, and for which bytes are held, the worst first, until there is
    /// room.
    private func endStalled(_ kind: HeldKind, by least: UInt64, but present: Connection, until hasRoom: () -> Bool) {
        let now = loop.now
        guard least == 0 || now >= nextSearch[kind, default: 0] else { return }
        let stalled = connections.compactMap { connection -> (connection: Connection, lag: UInt64)? in
            guard connection !== present, let lag = connection.lag(kind, now), lag >= least else { return nil }
            return (connection, lag)
        }
        for (connection, _) in stalled.sorted(by: { $0.lag > $1.lag }) {
            if hasRoom() { return }
            counts.evictions[kind, default: 0] += 1
            observe(.evicted(kind))
            connection.evict(kind)
        }
        // Under attack each request would look at all connections, in vain.
        if !hasRoom() { nextSearch[kind] = now + Self.searchMilliseconds }
    }

    private static let searchMilliseconds: UInt64 = 100

    private func noteRefusal(_ kind: HeldKind) {
        counts.refusals[kind, default: 0] += 1
        observe(.noRoom(kind))
    }

    /// The answer to a request for which there is no room.
    func noRoom(for request: Request) -> Response { unavailable(BodyError.noRoom.reason, to: request) }

    /// The answer to what may be tried again soon.
    func unavailable(_ detail: String, to request: Request) -> Response {
        var response = handler.refusal(of: request, status: 503, detail)
        response.fields.append("Retry-After", "1")
        return response
    }
}

extension [UInt8] {
    /// Where the elements are: what tells storage from other storage as long as somebody holds it.
    fileprivate var address: Int { withUnsafeBytes { Int(bitPattern: $0.baseAddress) } }
}
