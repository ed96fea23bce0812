internal import EventLoop

extension Connection {
    /// Answers with an error, as the last thing on this connection: no further byte of it is parsed.
    ///
    /// - Parameter response: is made when what can be read of the request's header has been read.
    func fail(_ response: @autoclosure () -> Response) {
        request.parser.salvage(in: request.buffer.bytes.span)
        let response = response()
        write(response, isHead: request.method == .head, keepsAlive: false, isOld: false)
        server.turn.count(response.status, route: -1, since: server.turn.start())
        finish()
    }

    /// Answers a connection that is one too many before it has said anything.
    func refuse() {
        write(
            server.unavailable("This server has as many connections as it may have.", to: request), isHead: false,
            keepsAlive: false, isOld: false)
        finish()
        read()
    }

    /// Sends what is left, then ends.
    func finish() {
        guard state != .closed else { return }
        state = .finishing
        deadline = .max
        releaseInput()
        server.turn.markDirty(self)
    }

    /// Ends our side and waits for the client to do the same: closed at once, with bytes of the client unread, the connection
    /// would be reset, and the response that is under way lost (RFC 9112 section 9.6).
    func linger() {
        guard !hasInputEnded && forgottenBytes <= server.limits.maxLingerBytes else { return close() }
        state = .lingering
        deadline = server.loop.now + server.limits.lingerMilliseconds
        stream.finishWriting()
        read()
    }

    /// Counts bytes that arrived after the end. More are read in the next turn: of a thousand clients that are sent away each may
    /// have a megabyte under way, and nobody waits for it.
    func forget(_ count: Int) {
        forgottenBytes += count
        if state != .handling { request.buffer.release() }
        if forgottenBytes <= server.limits.maxLingerBytes {
            stopReading()
            server.turn.readLater(self)
        } else if state == .lingering {
            close()
        } else {
            stopReading()
        }
    }

    /// The server stops: ends now if no request is under way, else after it.
    func stop() {
        switch state {
        case .reading where !hasBegunHead && unsentBytes == 0: close()
        case .reading where !hasBegunHead, .blocked: finish()
        default: break
        }
    }
}
