internal import EventLoop

/// Who owns a connection.
protocol RedisConnectionOwner: AnyObject {
    /// The turn ends and the commands are about to be written: the last moment to add one.
    func connectionWillFlush(_ connection: RedisConnection)
    /// The connection is closed, and all that waited for a reply was told why.
    func connection(_ connection: RedisConnection, didBreak failure: RedisFailure)
}

/// A connection that speaks the Redis protocol. It knows commands and replies and nothing of what they are for.
///
/// Commands gather in one buffer that is written at the end of the turn; replies are matched to their handlers in
/// order. A command that is not answered in time breaks the connection, because nothing behind it can be answered
/// either; so does whatever leaves the order of replies or the state of the server in doubt.
final class RedisConnection {
    let loop: Loop
    let limits: RedisLimits
    let meter: RedisMeter
    weak var owner: (any RedisConnectionOwner)?

    /// Why it is closed.
    private(set) var failure: RedisFailure?
    /// Commands that leave at the end of the turn. Each that is appended is also expected: ``expect(_:)``.
    var output = GrowingBytes()

    private let stream: Stream
    private let reader: ReplyReader
    private let room: UnsafeMutableRawBufferPointer
    private var waiting = ReplyQueue()
    private let timeout: UInt64
    private let sweep: Timer
    private var isSweeping = false
    private var willFlush = false

    /// Takes over a connected stream.
    ///
    /// - Parameter timeout: how many milliseconds a command may wait for its reply.
    init(_ stream: Stream, timeout: UInt64, limits: RedisLimits, meter: RedisMeter) {
        self.stream = stream
        self.timeout = timeout
        self.limits = limits
        self.meter = meter
        loop = stream.loop
        reader = ReplyReader(limit: limits.replyBytes)
        room = .allocate(byteCount: limits.readBytes, alignment: 16)
        sweep = Timer(on: stream.loop)
        stream.delegate = self
        stream.startReading()
    }

    deinit {
        sweep.stop()
        room.deallocate()
    }

    /// Whether so many more commands may wait for their replies.
    func hasRoom(for commands: Int) -> Bool { waiting.count + commands <= limits.waitingCommands }

    /// Bytes that Redis has not taken yet.
    var unsentBytes: Int { stream.pendingBytes + output.count }

    /// The next reply that nobody expects yet goes to `handler`: the one to the command just appended to ``output``.
    func expect(_ handler: any ReplyHandler) {
        let deadline = loop.now + timeout
        waiting.append(handler, deadline: deadline)
        meter.counters.commands += 1
        flushAtTurnEnd()
        if !isSweeping { startSweep(after: timeout) }
    }

    /// Asks the owner for more commands at the end of this turn, and then writes them all at once.
    func flushAtTurnEnd() {
        guard !willFlush else { return }
        willFlush = true
        loop.atTurnEnd(self)
    }

    /// Closes the connection and tells all that wait for a reply, and the owner, why.
    func breakDown(_ failure: RedisFailure) {
        guard self.failure == nil else { return }
        self.failure = failure
        if failure == .timedOut { meter.counters.timeouts += 1 }
        stream.close()
        sweep.stop()
        while let handler = waiting.popFirst() { handler.failed(failure) }
        owner?.connection(self, didBreak: failure)
    }

    // MARK: Deadlines

    /// One timer for all commands: it wakes when the oldest that waited at its start is due.
    private func startSweep(after milliseconds: UInt64) {
        let due = loop.now + milliseconds
        wakeSweep(after: milliseconds) { [unowned self] in
            // If the loop was late itself, busy with something else, then Redis was not given its time: the command
            // was written late, or the reply is there and not read yet. (Timers come before reading in a turn.)
            wakeSweep(after: 1 + min(loop.now - due, timeout)) { [unowned self] in breakDown(.timedOut) }
        }
    }

    /// Calls `whenLate` after so many milliseconds if a command is late then; if not, sleeps on until one may be.
    private func wakeSweep(after milliseconds: UInt64, whenLate: @escaping () -> Void) {
        isSweeping = true
        sweep.start(after: milliseconds) { [unowned self] in
            isSweeping = false
            guard let deadline = waiting.earliestDeadline else { return }
            if deadline > loop.now { startSweep(after: deadline - loop.now) } else { whenLate() }
        }
    }
}

extension RedisConnection: TurnEndAction {
    func turnEnded() {
        if failure == nil { owner?.connectionWillFlush(self) }
        willFlush = false
        guard failure == nil, !output.isEmpty else { return }
        meter.counters.bytesWritten += output.count
        stream.write(output.bytes)
        output.removeAll(keeping: limits.keptOutputBytes)
    }
}

extension RedisConnection: StreamDelegate {
    func streamReadBuffer(_ stream: Stream) -> UnsafeMutableRawBufferPointer { room }

    func stream(_ stream: Stream, didRead count: Int) {
        meter.counters.bytesRead += count
        reader.feed(UnsafeRawBufferPointer(rebasing: room[..<count]))
        while failure == nil {
            switch reader.next() {
            case .incomplete: return
            case .failed(let failure): breakDown(failure)
            case .reply(let reply): deliver(reply)
            }
        }
    }

    func stream(_ stream: Stream, didStopReading reason: LoopError) {
        breakDown(waiting.count == 0 && unsentBytes == 0 ? .endedIdle : .disconnected(reason.description))
    }

    func streamDidDrain(_ stream: Stream) {}

    private func deliver(_ reply: Reply) {
        guard let handler = waiting.popFirst() else {
            return breakDown(.malformedReply("a reply that nobody asked for"))
        }
        guard let message = reply.error else { return handler.received(reply) }
        meter.counters.errors += 1
        handler.received(reply)
        if ServerErrorCode.isFatal(message) { breakDown(.refused(message)) }
    }
}
