internal import EventLoop

extension Connection {
    /// Waits until all content of the present request has arrived.
    ///
    /// - Returns: why it will not; nil when it has.
    func awaitContent() async -> BodyError? {
        precondition(contentWaiter == nil, "the content of a request is awaited once at a time")
        if let contentFailure { return contentFailure }
        guard state == .handling && !hasInputEnded else { return .disconnected }
        if request.parser.head.expectsContinue && request.content.isEmpty
            && request.buffer.count == request.parser.head.length
        {
            output.copied.append("HTTP/1.1 100 Continue\r\n\r\n")
            server.turn.markDirty(self)
        }
        deadline = server.loop.now + server.limits.bodyMilliseconds
        beginInputPace()
        read()
        return await withUnsafeContinuation { contentWaiter = $0 }
    }

    /// Takes what has arrived of the content that the handler waits for.
    func readContent() {
        switch request.takeContent(keeping: true) {
        case .incomplete: break
        case .complete: resumeContent(nil)
        case .failed(let failure): refuseContent(failure)
        }
    }

    /// The framing of the content is wrong, or it is too large.
    func refuseContent(_ failure: ParseFailure) {
        server.refused(failure)
        failContent(BodyError(failure))
    }

    /// There will be no content: the handler that waits for it, if any, has to answer now.
    func failContent(_ error: BodyError) {
        contentFailure = error
        // Of a request that is complete only what comes behind is lost, and the handler may not have had it yet.
        guard request.length == nil else { return }
        request.content = []
        settleInput()
        resumeContent(error)
    }

    func resumeContent(_ error: BodyError?) {
        guard let waiter = contentWaiter else { return }
        contentWaiter = nil
        deadline = .max
        endInputPace()
        waiter.resume(returning: error)
    }
}
