internal import EventLoop

/// What is held for the client. Up to ``ServerLimits/ownBytes`` each way are its own; for what is beyond the server's budgets are
/// charged, before it is kept.
extension Connection {
    // MARK: Requests

    /// Whether there is room for `count` bytes that were read.
    @inline(__always)
    func holdInput(_ count: Int) -> Bool {
        let due = request.buffer.count + request.content.count + count - server.limits.ownBytes
        return due <= inputCharge || chargeInput(due)
    }

    @inline(never)
    private func chargeInput(_ due: Int) -> Bool {
        guard server.holdRequest(due - inputCharge, for: self) else { return false }
        inputCharge = due
        return true
    }

    /// Gives back what is not held any more.
    @inline(__always)
    func settleInput() {
        if inputCharge > 0 { reduceInputCharge() }
    }

    @inline(never)
    private func reduceInputCharge() {
        let due = max(0, request.buffer.count + request.content.count - server.limits.ownBytes)
        guard due < inputCharge else { return }
        server.heldRequests.giveBack(inputCharge - due)
        inputCharge = due
    }

    /// Forgets all of the request.
    func releaseInput() {
        request.buffer.release()
        request.content = []
        settleInput()
    }

    /// Ends a request of which there is no room for a part that has come. That part is forgotten, so it is the last request.
    func refuseInput() {
        switch state {
        case .reading: fail(server.noRoom(for: request))
        case .handling: failContent(.noRoom)
        case .blocked: finish()
        case .finishing, .lingering, .closed: break
        }
    }

    // MARK: Answers

    /// Whether there is room for a response.
    @inline(__always)
    func holdOutput(for response: Response, isHead: Bool) -> Bool {
        let due = output.copied.count + response.copiedBytes(isHead: isHead) - server.limits.ownBytes
        let isShared = response.sharesBody(isHead: isHead)
        return due <= outputCharge && !isShared || chargeOutput(due, isShared ? response.body : nil)
    }

    @inline(never)
    private func chargeOutput(_ due: Int, _ body: [UInt8]?) -> Bool {
        let due = max(due, outputCharge)
        let isOwed = ![.get, .head, .options].contains(request.method)
        guard server.holdAnswer(due - outputCharge, body, isOwed: isOwed, for: self) else { return false }
        outputCharge = due
        return true
    }

    /// Whether a response fits into what is the connection's own, with the copied bytes that wait before it.
    func isOwn(_ response: Response, isHead: Bool) -> Bool {
        output.copied.count + response.copiedBytes(isHead: isHead) <= server.limits.ownBytes
    }

    /// Gives back what was sent, and looks at the pace of a client that has not taken all.
    @inline(__always)
    func settleOutput() {
        if unsentBytes == 0 && outputCharge == 0 {
            endOutputPace()
        } else {
            settleRest()
        }
    }

    @inline(never)
    private func settleRest() {
        output.copied.trim()
        let due = max(0, output.copied.count - server.limits.ownBytes)
        if due < outputCharge {
            server.heldAnswers.giveBack(outputCharge - due)
            outputCharge = due
        }
        if unsentBytes == 0 {
            endOutputPace()
        } else if !outputPace.isAwaited {
            outputPace.begin(server.loop.now, server.limits.answerRate)
            outputLead.begin(server.loop.now, server.limits.heldRate)
            takenBytes = countTakenBytes()
        }
    }

    @inline(__always)
    private func endOutputPace() {
        outputPace.end()
        outputLead.end()
    }

    /// Forgets all answers.
    func releaseOutput() {
        for body in output.removeAll() { server.giveBackAnswer(body) }
        server.heldAnswers.giveBack(outputCharge)
        outputCharge = 0
    }

    // MARK: Slow clients

    /// More of a head or of content is awaited.
    func beginInputPace() {
        inputPace.begin(server.loop.now, server.limits.bodyRate)
        inputLead.begin(server.loop.now, server.limits.heldRate)
    }

    @inline(__always)
    func inputMoved(_ count: Int) {
        inputPace.moved(count, server.loop.now, server.limits.bodyRate)
        inputLead.moved(count, server.loop.now, server.limits.heldRate)
    }

    @inline(__always)
    func endInputPace() {
        inputPace.end()
        inputLead.end()
    }

    /// Whether the client takes its answers too slowly.
    func isTooSlow(_ now: UInt64) -> Bool {
        guard outputPace.isAwaited else { return false }
        lookAtOutputPace(now)
        return now >= outputPace.deadline
    }

    /// What the client has acknowledged counts, and not what the kernel took: its buffer hides for long how slow a client is, and
    /// takes much at a time then.
    private func lookAtOutputPace(_ now: UInt64) {
        let taken = countTakenBytes()
        outputPace.moved(max(0, taken - takenBytes), now, server.limits.answerRate)
        outputLead.moved(max(0, taken - takenBytes), now, server.limits.heldRate)
        takenBytes = taken
    }

    private func countTakenBytes() -> Int { sentBytes - stream.pendingBytes - stream.unacknowledgedBytes }

    /// How far the client is behind ``ServerLimits/heldRate``, if bytes of the kind are charged for it; else nil.
    func lag(_ kind: HeldKind, _ now: UInt64) -> UInt64? {
        switch kind {
        case .request:
            return inputCharge > 0 ? inputLead.lag(now, server.limits.heldRate) : nil
        case .answer:
            guard outputPace.isAwaited, outputCharge > 0 || output.sharesBodies else { return nil }
            lookAtOutputPace(now)
            return outputLead.lag(now, server.limits.heldRate)
        }
    }

    /// Makes room for others.
    func evict(_ kind: HeldKind) {
        switch kind {
        case .request: refuseInput()
        case .answer: close()
        }
    }
}
