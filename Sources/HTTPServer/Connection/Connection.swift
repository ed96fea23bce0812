internal import EventLoop

/// One client: reads its requests, has them answered one after the other, and ends.
///
/// The aspects are in the extensions: reading, serving, content, writing, ending.
final class Connection {
    /// What the connection is doing.
    enum State {
        /// Waiting for a request, or in its head.
        case reading
        /// A head is complete: its handler runs, or will at the end of this turn of the loop.
        case handling
        /// The client has not taken the responses so far. The next request has to wait.
        case blocked
        /// The last response was given. When it is sent, the connection ends.
        case finishing
        /// All was sent and our side has ended; what arrives is forgotten until the client ends too.
        case lingering
        case closed
    }

    let stream: Stream
    /// The server and its connections hold each other until the connections have ended.
    let server: Server
    let request: Request
    /// What was answered in this turn, and what the client has not taken.
    var output: Output

    var state = State.reading
    /// Where the server has it among its connections.
    var index = 0
    /// Whether it is one too many and only told so.
    let isRefused: Bool
    /// When the present wait is over, by the loop's clock.
    var deadline: UInt64
    /// How the client sends a head that is incomplete, or content that the handler waits for.
    var inputPace = Pace()
    /// How the client takes what waits for it.
    var outputPace = Pace()
    /// The same two, by the rate that decides who has to make room for others.
    var inputLead = Pace()
    var outputLead = Pace()
    /// The bytes of its requests and its answers for which the server's budgets are charged, those of shared bodies left out.
    var inputCharge = 0
    var outputCharge = 0
    /// All bytes that the stream was given, and those of them that the client was known to have taken when it was last looked at.
    var sentBytes = 0
    var takenBytes = 0
    /// When the present head was complete, by the monotonic clock.
    var start: UInt64 = 0

    /// Whether a part of a head is there.
    var hasBegunHead = false
    /// Whether the server flushes it at the end of this turn.
    var isDirty = false
    var isReading = false
    /// Whether the client has sent its last byte.
    var hasInputEnded = false
    /// Why no more is read, be it of the present request's content or of what is behind it, if that is so.
    var contentFailure: BodyError?
    /// The handler that waits for content.
    var contentWaiter: UnsafeContinuation<BodyError?, Never>?
    /// Bytes that were read and forgotten at the end.
    var forgottenBytes = 0

    init(_ stream: Stream, _ server: Server, isRefused: Bool) {
        self.stream = stream
        self.server = server
        self.isRefused = isRefused
        request = Request(server.pool, server.limits.request)
        output = Output(server.pool)
        deadline = server.loop.now + server.limits.headerMilliseconds
        request.connection = self
        stream.delegate = self
    }

    /// Ends it at once. A handler that runs finds out when it asks for content, or never.
    func close() {
        guard state != .closed else { return }
        if state != .handling { releaseInput() }
        state = .closed
        if outputPace.isAwaited { stream.reset() } else { stream.close() }
        releaseOutput()
        resumeContent(.disconnected)
        server.remove(self)
    }

    /// Looks whether what it waits for is overdue.
    func sweep(_ now: UInt64) {
        if isTooSlow(now) {
            server.timedOut(.write)
            return close()
        }
        // What could not be written since the client is gone is not reported if its end was read before.
        if state == .finishing { flush() }
        guard now >= deadline || (contentWaiter != nil && now >= inputPace.deadline) else { return }
        switch state {
        case .reading where hasBegunHead:
            server.timedOut(.head)
            fail(server.handler.refusal(of: request, status: 408, "The head of the request did not arrive in time."))
        case .reading:
            server.timedOut(.request)
            close()
        case .handling where contentWaiter != nil:
            server.timedOut(.body)
            failContent(.timedOut)
        case .lingering:
            close()
        default:
            break
        }
    }
}
