extension Connection {
    /// Answers the request whose head is complete, and those behind it that have arrived; after some it is others' turn.
    func serve() async {
        // It may have been closed while it waited for its turn.
        guard state.phase != .closed else { return input.release() }
        var left = server.limits.maxRequestsPerTurn
        while state.phase == .handling {
            if left == 0 { return server.turn.enqueueLater(self) }
            left -= 1
            let response = await server.handler.respond(to: request)
            answer(response)
        }
    }

    private func answer(_ response: Response) {
        guard state.phase != .closed else {
            server.tally.abandoned(request.route)
            return input.release()
        }
        var form = request.parser.head.answerForm
        form.keepsAlive = form.keepsAlive && isRequestOver() && !server.isStopping
        if output.hold(response, isHead: form.isHead, for: self) {
            write(response, form)
            server.turn.count(response.status, route: request.route, since: start)
        } else {
            let refusal = server.noRoom(for: request)
            // It is not charged, so no more of them may gather than the connection has room for by itself.
            if !output.isOwn(refusal, isHead: form.isHead) { form.keepsAlive = false }
            write(refusal, form)
            server.turn.count(.serviceUnavailable, route: request.route, since: start)
        }
        guard form.keepsAlive else { return finish() }
        request.finish()
        input.settle()
        beginNext()
    }

    /// Whether all of the request has arrived, so that it is known where the next one begins. Content that nobody read is skipped.
    private func isRequestOver() -> Bool {
        guard content.failure == nil else { return false }
        if request.length != nil { return true }
        guard case .complete = request.takeContent(keeping: false) else { return false }
        return true
    }

    private func write(_ response: Response, _ form: AnswerForm) {
        output.write(response, form)
        flushLater()
    }

    /// Answers with an error, as the last thing on this connection: no further byte of it is parsed.
    ///
    /// - Parameter response: is made when what can be read of the request's header has been read.
    func fail(_ response: @autoclosure () -> Response) {
        request.salvage()
        let response = response()
        write(response, AnswerForm(isHead: request.method == .head, keepsAlive: false))
        server.turn.count(response.status, route: -1, since: server.turn.start())
        finish()
    }

    /// Answers a connection that is one too many before it has said anything.
    func refuse() {
        write(
            server.unavailable("This server has as many connections as it may have.", to: request),
            AnswerForm(isHead: false, keepsAlive: false))
        finish()
        input.read()
    }

    /// Sends what there is, as far as the client takes it, and goes on with what waited for that.
    func flush() {
        guard state.phase != .closed else { return }
        output.flush()
        switch state.phase {
        case .blocked where output.unsentBytes <= server.limits.maxUnsentBytes:
            beginNext()
            if state.phase == .handling { server.turn.enqueue(self) }
        case .finishing where output.unsentBytes == 0:
            linger()
        default:
            break
        }
    }
}
