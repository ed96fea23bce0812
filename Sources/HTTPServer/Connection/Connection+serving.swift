internal import EventLoop

extension Connection {
    /// Answers the request whose head is complete, and those behind it that have arrived.
    func serve() async {
        while state == .handling {
            let response = await server.handler.respond(to: request)
            answer(response)
        }
    }

    private func answer(_ response: Response) {
        guard state != .closed else {
            server.abandoned(request.route)
            return request.buffer.release()
        }
        let keepsAlive = request.parser.head.keepsAlive && isRequestOver() && !server.isStopping
        let isOld = request.parser.head.minorVersion == 0
        write(response, isHead: request.method == .head, keepsAlive: keepsAlive, isOld: isOld)
        server.turn.count(response.status, route: request.route, since: start)
        guard keepsAlive else { return finish() }
        request.finish()
        beginNext()
    }

    /// Whether all of the request has arrived, so that it is known where the next one begins. Content that nobody read is skipped.
    private func isRequestOver() -> Bool {
        if request.length != nil { return true }
        guard !hasContentFailed, case .complete = request.takeContent(keeping: false) else { return false }
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
