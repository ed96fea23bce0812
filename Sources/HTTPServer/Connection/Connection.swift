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
    let server: HTTPServer
    let request: Request
    /// What was answered in this turn, and what the client has not taken.
    let output: ByteBuffer

    var state = State.reading
    /// Where the server has it among its connections.
    var index = 0
    /// Whether it is one too many and only told so.
    let isRefused: Bool
    /// When the present wait is over, by the loop's clock.
    var deadline: UInt64
    /// When the client must have taken something of what waits for it.
    var writeDeadline = UInt64.max
    /// When the present head was complete, by the monotonic clock.
    var start: UInt64 = 0

    /// Whether a part of a head is there.
    var hasBegunHead = false
    /// Whether the server flushes it at the end of this turn.
    var isDirty = false
    var isReading = false
    /// Whether the client has sent its last byte.
    var hasInputEnded = false
    /// Whether the handler was told that there is no content to be had.
    var hasContentFailed = false
    /// The handler that waits for content.
    var contentWaiter: UnsafeContinuation<BodyError?, Never>?
    /// Bytes that were read and forgotten at the end.
    var forgottenBytes = 0

    init(_ stream: Stream, _ server: HTTPServer, isRefused: Bool) {
        self.stream = stream
        self.server = server
        self.isRefused = isRefused
        request = Request(server.pool, server.limits.request)
        output = ByteBuffer(server.pool)
        deadline = server.loop.now + server.limits.headerMilliseconds
        request.connection = self
        stream.delegate = self
    }

    /// Ends it at once. A handler that runs finds out when it asks for content, or never.
    func close() {
        guard state != .closed else { return }
        if state != .handling { request.buffer.release() }
        state = .closed
        stream.close()
        output.release()
        resumeContent(.disconnected)
        server.remove(self)
    }

    /// Looks whether what it waits for is overdue.
    func sweep(_ now: UInt64) {
        if now >= writeDeadline {
            server.timedOut(.write)
            return close()
        }
        // What could not be written since the client is gone is not reported if its end was read before.
        if state == .finishing { settle() }
        guard now >= deadline else { return }
        switch state {
        case .reading where hasBegunHead:
            server.timedOut(.head)
            fail(408, "The head of the request did not arrive in time.")
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
