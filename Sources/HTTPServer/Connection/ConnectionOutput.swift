internal import EventLoop

/// What goes out over one connection: answers that wait for the client, within the room that there is for them, at the pace at
/// which the client takes them.
final class ConnectionOutput {
    private let stream: Stream
    private let server: Server
    /// What was answered in this turn, and what the client has not taken.
    private let output: Output
    private var held: HeldBytes
    /// All bytes that the stream was given, and those of them that the client was known to have taken when it was last looked at.
    private var sentBytes = 0
    private var takenBytes = 0

    init(_ stream: Stream, _ server: Server) {
        self.stream = stream
        self.server = server
        output = Output(server.pool)
        held = HeldBytes(
            ownBytes: server.limits.ownBytes, rates: .init(least: server.limits.answerRate, held: server.limits.heldRate))
    }

    /// Bytes that the client has not taken.
    var unsentBytes: Int { output.count + stream.pendingBytes }

    // MARK: Room

    /// The bytes for which the server's budget is charged, those of shared bodies left out.
    var charge: Int { held.charge }

    /// Whether there is room for a response. The server's budget is charged before it is written.
    ///
    /// - Parameter isHead: whether it answers HEAD.
    @inline(__always)
    func hold(_ response: Response, isHead: Bool, for connection: Connection) -> Bool {
        let missing = held.missing(for: output.copied.count + response.copiedBytes(isHead: isHead))
        let isShared = response.sharesBody(isHead: isHead)
        return missing <= 0 && !isShared || take(max(0, missing), isShared ? response.body : nil, for: connection)
    }

    @inline(never)
    private func take(_ missing: Int, _ body: [UInt8]?, for connection: Connection) -> Bool {
        guard server.holdAnswer(missing, body, for: connection) else { return false }
        held.charge(missing)
        return true
    }

    /// Whether a response fits into what is the connection's own, with the copied bytes that wait before it.
    func isOwn(_ response: Response, isHead: Bool) -> Bool {
        output.copied.count + response.copiedBytes(isHead: isHead) <= server.limits.ownBytes
    }

    /// Forgets all answers.
    func release() {
        for body in output.removeAll() { server.room.giveBackShare(body) }
        server.room.giveBackAnswer(held.reduce(to: 0))
    }

    // MARK: Writing

    /// Puts a response behind what is to be sent.
    func write(_ response: Response, _ form: AnswerForm) {
        output.copied.append(response, form, date: server.date.line(server.loop.now))
        if response.sharesBody(isHead: form.isHead) { output.append(shared: response.body) }
    }

    /// Asks the client for the content that it holds back (RFC 9110 section 15.2.1).
    func writeContinue() { output.copied.append("HTTP/1.1 100 Continue\r\n\r\n") }

    /// Sends what there is, as far as the client takes it.
    func flush() {
        while !output.isEmpty && stream.pendingBytes == 0 {
            let count = output.withNext { stream.writeSome($0, $1) }
            server.tally.sent(count)
            sentBytes += count
            if let body = output.removeFirst(count) { server.room.giveBackShare(body) }
        }
        if output.isEmpty { output.copied.release() }
        if unsentBytes == 0 && held.charge == 0 { held.end() } else { settle() }
    }

    /// Gives back what was sent, and looks at the pace of a client that has not taken all.
    @inline(never)
    private func settle() {
        output.copied.trim()
        server.room.giveBackAnswer(held.reduce(to: output.copied.count))
        if unsentBytes == 0 {
            held.end()
        } else if !held.isAwaited {
            held.begin(server.loop.now)
            takenBytes = countTakenBytes()
        }
    }

    // MARK: Pace

    /// Whether the client has not taken all when it was last sent something.
    var isAwaited: Bool { held.isAwaited }

    /// Whether the client takes its answers too slowly.
    func isTooSlow(_ now: UInt64) -> Bool {
        guard held.isAwaited else { return false }
        look(now)
        return held.isTooSlow(now)
    }

    /// How far the client is behind ``ServerLimits/heldRate``, if bytes are charged for it; else nil.
    func lag(_ now: UInt64) -> UInt64? {
        guard held.isAwaited, held.charge > 0 || output.sharesBodies else { return nil }
        look(now)
        return held.lag(now)
    }

    /// What the client has acknowledged counts, and not what the kernel took: its buffer hides for long how slow a client is, and
    /// takes much at a time then.
    private func look(_ now: UInt64) {
        let taken = countTakenBytes()
        held.moved(max(0, taken - takenBytes), now)
        takenBytes = taken
    }

    private func countTakenBytes() -> Int { sentBytes - stream.pendingBytes - stream.unacknowledgedBytes }
}
