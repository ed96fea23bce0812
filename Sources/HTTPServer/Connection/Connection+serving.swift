internal import EventLoop

extension Connection {
    /// Answers the request whose head is complete, and those behind it that have arrived; after some it is others' turn.
    func serve() async {
        // It may have been closed while it waited for its turn.
        guard state != .closed else { return releaseInput() }
        var left = server.limits.maxRequestsPerTurn
        while state == .handling {
            if left == 0 { return server.turn.enqueueLater(self) }
            left -= 1
            let response = await server.handler.respond(to: request)
            answer(response)
        }
    }

    private func answer(_ response: Response) {
        guard state != .closed else {
            server.abandoned(request.route)
            return releaseInput()
        }
        var keepsAlive = request.parser.head.keepsAlive && isRequestOver() && !server.isStopping
        let isOld = request.parser.head.minorVersion == 0
        let isHead = request.method == .head
        if holdOutput(for: response, isHead: isHead) {
            write(response, isHead: isHead, keepsAlive: keepsAlive, isOld: isOld)
            server.turn.count(response.status, route: request.route, since: start)
        } else {
            let refusal = server.noRoom(for: request)
            // It is not charged, so no more of them may gather than the connection has room for by itself.
            if !isOwn(refusal, isHead: isHead) { keepsAlive = false }
            write(refusal, isHead: isHead, keepsAlive: keepsAlive, isOld: isOld)
            server.turn.count(.serviceUnavailable, route: request.route, since: start)
        }
        guard keepsAlive else { return finish() }
        request.finish()
        settleInput()
        beginNext()
    }

    /// Whether all of the request has arrived, so that it is known where the next one begins. Content that nobody read is skipped.
    private func isRequestOver() -> Bool {
        guard contentFailure == nil else { return false }
        if request.length != nil { return true }
        guard case .complete = request.takeContent(keeping: false) else { return false }
        return true
    }

    /// Goes on with the next request, in the state `handling` if its head is there.
    private func beginNext() {
        guard unsentBytes <= server.limits.maxUnsentBytes else {
            state = .blocked
            return
        }
        state = .reading
        deadline = server.loop.now + server.limits.idleMilliseconds
        if !request.buffer.isEmpty {
            _ = readRequest()
        } else if hasInputEnded {
            finish()
        } else {
            read()
        }
    }

    /// Goes on when the client has taken enough of the responses.
    func unblock() {
        beginNext()
        if state == .handling { server.turn.enqueue(self) }
    }
}
