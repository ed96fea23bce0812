internal import EventLoop

/// Bytes are held for clients within ``ServerLimits/bufferBytes``. Whoever asks for more when that is full is refused, unless others
/// stall: those make room, so that nobody keeps the rest out by doing nothing.
extension Server {
    /// Holds so many more bytes of requests for `connection`.
    ///
    /// - Returns: whether there is room for them.
    func holdRequest(_ count: Int, for connection: Connection) -> Bool {
        if room.takeRequest(count) { return true }
        if room.couldHoldRequests(connection.input.charge + count) {
            endStalled(.request, by: limits.stallMilliseconds, but: connection) { room.hasRoomForRequest(count) }
            if room.takeRequest(count) { return true }
        }
        tally.refused(.request)
        return false
    }

    /// Holds so many more copied bytes of answers for `connection`, and a share in `body`.
    ///
    /// - Parameter body: nil if none is shared.
    /// - Returns: whether there is room for both.
    func holdAnswer(_ count: Int, _ body: [UInt8]?, for connection: Connection) -> Bool {
        if room.takeAnswer(count, body) { return true }
        // The client may take at once what was gathered in this turn.
        turn.send()
        if room.takeAnswer(count, body) { return true }
        // Nobody goes for what is longer than all that may be held.
        if room.couldHoldAnswer(count, body, beside: connection.output.charge) {
            // Of what has had an effect the client has to hear: then others make room though they do not stall.
            let isOwed = ![.get, .head, .options].contains(connection.request.method)
            endStalled(.answer, by: isOwed ? 0 : limits.stallMilliseconds, but: connection) { room.hasRoomForAnswer(count, body) }
            if room.takeAnswer(count, body) { return true }
        }
        tally.refused(.answer)
        return false
    }

    /// Ends clients that are so much behind ``ServerLimits/heldRate``, and for which bytes are held, the worst first, until there is
    /// room.
    private func endStalled(_ kind: HeldKind, by least: UInt64, but present: Connection, until hasRoom: () -> Bool) {
        let now = loop.now
        guard least == 0 || room.maySearch(kind, now) else { return }
        let stalled = connections.compactMap { connection -> (connection: Connection, lag: UInt64)? in
            guard connection !== present, let lag = connection.lag(kind, now), lag >= least else { return nil }
            return (connection, lag)
        }
        for (connection, _) in stalled.sorted(by: { $0.lag > $1.lag }) {
            if hasRoom() { return }
            tally.evicted(kind)
            connection.evict(kind)
        }
        if !hasRoom() { room.searchedInVain(kind, now) }
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
