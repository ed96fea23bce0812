internal import EventLoop

/// One client: reads its requests, has them answered one after the other, and ends.
///
/// Here is what changes its state; the extensions decide when: what to do with what is read, and with what is answered.
final class Connection {
    /// The server and its connections hold each other until the connections have ended.
    let server: Server
    let request: Request
    let input: ConnectionInput
    let output: ConnectionOutput
    private let stream: Stream
    /// Whether it is one too many and only told so.
    let isRefused: Bool
    /// Where the server has it among its connections.
    private(set) var index: Int
    /// When the present head was complete, by the monotonic clock.
    private(set) var start: UInt64 = 0

    private(set) var state: ConnectionState
    private(set) var content = ContentWait()
    /// Whether the server flushes it at the end of this turn.
    private var isFlushedLater = false

    init(_ stream: Stream, _ server: Server, isRefused: Bool, index: Int) {
        self.stream = stream
        self.server = server
        self.isRefused = isRefused
        self.index = index
        request = Request(server.pool, server.limits.request)
        input = ConnectionInput(stream, server, request)
        output = ConnectionOutput(stream, server)
        state = ConnectionState(server.loop.now, server.limits)
        request.connection = self
        stream.delegate = self
    }

    /// The server has it at another place.
    func moved(to index: Int) { self.index = index }

    // MARK: Requests

    /// Parses on in the phase `reading`, until a head is complete.
    ///
    /// - Returns: whether one is, so that the handler is to be started.
    func readRequest() -> Bool {
        switch request.takeHead(server.loop.now) {
        case .success:
            state.endHead()
            content.reset()
            input.endWait()
            start = server.turn.start()
            return true
        case .failure(let failure):
            server.tally.refused(failure)
            fail(server.handler.refusal(of: request, status: failure.status, failure.reason))
        case nil where input.hasEnded:
            finish()
        case nil:
            if request.parser.phase == .head && state.beginHead(server.loop.now, server.limits) { input.awaitMore() }
            input.read()
        }
        return false
    }

    /// Goes on with the next request, in the phase `handling` if its head is there.
    func beginNext() {
        guard output.unsentBytes <= server.limits.maxUnsentBytes else { return state.block() }
        state.awaitRequest(server.loop.now, server.limits)
        if !request.buffer.isEmpty {
            _ = readRequest()
        } else if input.hasEnded {
            finish()
        } else {
            input.read()
        }
    }

    // MARK: Content

    /// Waits until all content of the present request has arrived.
    ///
    /// - Returns: why it will not; nil when it has.
    func awaitContent() async -> BodyError? {
        precondition(!content.isAwaited, "the content of a request is awaited once at a time")
        if let failure = content.failure { return failure }
        guard state.phase == .handling && !input.hasEnded else { return .disconnected }
        if request.parser.head.expectsContinue && request.content.isEmpty
            && request.buffer.count == request.parser.head.length
        {
            output.writeContinue()
            flushLater()
        }
        state.awaitContent(server.loop.now, server.limits)
        input.awaitMore()
        input.read()
        return await withUnsafeContinuation { content.begin($0) }
    }

    /// There will be no content: the handler that waits for it, if any, has to answer now.
    func failContent(_ error: BodyError) {
        content.fail(error)
        // Of a request that is complete only what comes behind is lost, and the handler may not have had it yet.
        guard request.length == nil else { return }
        request.dropContent()
        input.settle()
        resumeContent(error)
    }

    /// Tells the handler that waits for content, if any, that it is there, or why it will not come.
    func resumeContent(_ error: BodyError?) {
        guard let waiter = content.end() else { return }
        state.endContent()
        input.endWait()
        waiter.resume(returning: error)
    }

    // MARK: Sending

    /// Has what was written sent at the end of this turn.
    func flushLater() {
        guard !isFlushedLater else { return }
        isFlushedLater = true
        server.turn.flushLater(self)
    }

    /// Sends what was gathered in this turn.
    func turnEnded() {
        isFlushedLater = false
        flush()
    }

    // MARK: The end

    /// Sends what is left, then ends.
    func finish() {
        guard state.finish() else { return }
        input.release()
        flushLater()
    }

    /// Ends our side and waits for the client to do the same: closed at once, with bytes of the client unread, the connection
    /// would be reset, and the response that is under way lost (RFC 9112 section 9.6).
    func linger() {
        guard !input.hasEnded && state.linger(server.loop.now, server.limits) else { return close() }
        stream.finishWriting()
        input.read()
    }

    /// Counts bytes that arrived after the end. More are read in the next turn: of a thousand clients that are sent away each may
    /// have a megabyte under way, and nobody waits for it.
    func forget(_ count: Int) {
        let readsOn = state.forget(count, server.limits)
        if state.phase != .handling { request.buffer.release() }
        if !readsOn && state.phase == .lingering { return close() }
        input.pause()
        if readsOn { server.turn.readLater(self) }
    }

    /// The server stops: ends now if no request is under way, else after it.
    func stop() {
        guard state.isBetweenRequests else { return }
        if output.unsentBytes == 0 { close() } else { finish() }
    }

    /// Ends it at once. A handler that runs finds out when it asks for content, or never.
    func close() {
        guard state.phase != .closed else { return }
        if state.phase != .handling { input.release() }
        state.close()
        if output.isAwaited { stream.reset() } else { stream.close() }
        output.release()
        resumeContent(.disconnected)
        server.remove(self)
    }

    /// Looks whether what it waits for is overdue.
    func sweep(_ now: UInt64) {
        if output.isTooSlow(now) {
            server.tally.timedOut(.write)
            return close()
        }
        // What could not be written since the client is gone is not reported if its end was read before.
        if state.phase == .finishing { flush() }
        let isContentSlow = content.isAwaited && input.isTooSlow(now)
        switch isContentSlow ? .content : state.delay(now) {
        case .request:
            server.tally.timedOut(.request)
            close()
        case .head:
            server.tally.timedOut(.head)
            fail(server.handler.refusal(of: request, status: 408, "The head of the request did not arrive in time."))
        case .content:
            server.tally.timedOut(.body)
            failContent(.timedOut)
        case .end: close()
        case nil: break
        }
    }
}
