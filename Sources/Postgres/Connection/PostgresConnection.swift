public import EventLoop
internal import Synchronization

/// One session of a PostgreSQL server, in libpq's pipeline mode.
///
/// Runs may be asked for while others are under way: they are answered in their order. What is asked for in one turn
/// of the loop is sent at its end. It belongs to its loop. ``SessionMachine`` decides; this class does what it says.
public final class PostgresConnection {
    private static let numbers = Atomic<Int>(1)
    /// How often a connection without a pool looks after its deadlines, in milliseconds.
    private static let sweepInterval: UInt64 = 25

    /// Its number within the process.
    public let id = numbers.add(1, ordering: .relaxed).oldValue
    /// The loop that it belongs to.
    public let loop: Loop
    let configuration: PostgresConfiguration
    let environment: ConnectionEnvironment
    private let wire: Wire
    private var session: SessionMachine
    /// Whether the end of this turn will send what is unsent.
    private var isGathering = false
    private var ownSweeper: Timer?
    /// When its last answer was complete.
    private var lastAnswer: UInt64
    /// Why it is of no use any more. The wire is closed then.
    private var ending: PostgresError?

    /// Called for each notification of a channel that this session listens to.
    public var onNotification: (PostgresNotification) -> Void = { _ in }
    /// Called once when the connection ends: with nil when its owner closed it.
    public var onEnd: (PostgresError?) -> Void = { _ in }
    /// Called when ``isSettling`` changed.
    var onSettlingChange: () -> Void = {}

    init(
        _ wire: Wire, on loop: Loop, configuration: PostgresConfiguration, environment: ConnectionEnvironment
    ) {
        self.wire = wire
        self.loop = loop
        self.configuration = configuration
        self.environment = environment
        session = SessionMachine(
            connection: id, cancelPatience: configuration.cancelPatience, isPooled: environment.isPool,
            prepared: PreparedStatements(
                limit: configuration.preparedStatements,
                prefix: "larder_\(String(UInt64.random(in: .min ... .max), radix: 16))_"))
        lastAnswer = loop.now
        wire.onReady = { [unowned self] events in
            if events.contains(.readable) { receive() }
            if events.contains(.writable), isOpen, !wire.flush() { lost() }
        }
    }

    // MARK: - State

    /// Whether it can be used. A connection that broke may not be known to yet; see ``checkAlive()``.
    public var isOpen: Bool { ending == nil }
    /// Whether nothing is under way.
    public var isIdle: Bool { session.isIdle }
    /// Whether the server works on something, or has its answer under way.
    var isServed: Bool { session.isServed }
    /// Whether it waits for a cancelled statement to end. What is asked for meanwhile is sent after that.
    public var isSettling: Bool { session.isSettling }
    /// Whether a transaction is open on it, failed or not. While something is under way it cannot be known.
    public var isInTransaction: Bool { isOpen && wire.isInTransaction }
    /// The process of the server that serves this connection.
    public var serverProcess: Int32 { isOpen ? wire.serverProcess : 0 }
    /// The server's version: 150004 is 15.4.
    public var serverVersion: Int { isOpen ? wire.serverVersion : 0 }
    /// Whether its user keeps a transaction open on it, and so shares it with nobody.
    var isExclusive: Bool {
        get { session.isExclusive }
        set { session.isExclusive = newValue }
    }

    /// Whether the server is still there, as far as this end can know.
    ///
    /// The end of an idle connection arrives as something to read, perhaps in this very turn.
    func checkAlive() -> Bool {
        guard isOpen else { return false }
        // What answered in this very millisecond is taken to live.
        guard isIdle, loop.now > lastAnswer else { return true }
        // A notification may be waiting before it, or the server's reason.
        for _ in 0..<4 where isOpen && wire.hasInput() { receive() }
        return isOpen
    }

    // MARK: - Sending

    /// Waits for what comes of `run`.
    func perform(_ run: Run) async throws(PostgresError) -> [PostgresResult] {
        if let ending { throw ending.with(mayHaveCommitted: false) }
        guard run.deadline > loop.now else { throw .deadlineExceeded(mayHaveCommitted: false) }
        session.ask(run)
        sendSoon()
        if !environment.isPool, run.deadline != .max { startOwnSweeper() }
        return try await run.outcome.wait().get()
    }

    private func sendSoon() {
        guard !isGathering, session.hasUnsent else { return }
        isGathering = true
        loop.atTurnEnd(Outbox(self))
    }

    /// Sends what is unsent, unless it has to wait.
    fileprivate func sendAll() {
        isGathering = false
        let microseconds = SystemClock.monotonic / 1_000
        while isOpen,
            let request = session.next(now: loop.now, microseconds: microseconds, isOutside: wire.isOutside)
        {
            guard send(request) else { return lost() }
        }
        if isOpen, !wire.flush() { lost() }
    }

    private func send(_ request: SessionMachine.Request) -> Bool {
        environment.counters.pipelines += 1
        switch request {
        case .script(let text):
            environment.counters.statements += 1
            return wire.send(script: text)
        case .pipeline(let steps):
            for step in steps {
                guard wire.send(step) else { return false }
                if case .execute = step { environment.counters.statements += 1 }
            }
            return wire.sync()
        }
    }

    // MARK: - Receiving

    /// Reads what arrived and answers whom it concerns.
    private func receive() {
        guard isOpen else { return }
        let isHealthy = wire.read()
        takeAnswers()
        while isOpen, let notification = wire.nextNotification() { onNotification(notification) }
        guard isOpen else { return }
        for notice in wire.takeNotices() {
            environment.observe(
                .notice(connection: id, severity: notice.severity ?? "", sqlState: notice.sqlState, message: notice.message))
        }
        guard isOpen else { return }
        guard isHealthy, !wire.isBroken else { return lost() }
        settle()
        sendSoon()
    }

    /// Takes all answers that are complete. Also of a broken connection: what it received before is valid.
    private func takeAnswers() {
        while isOpen, session.isServed, let answer = wire.nextAnswer() {
            switch answer {
            case .result(let result): session.received(result)
            case .refused(let error): session.refused(error)
            case .skipped: session.skipped()
            case .end where session.isInScript:
                guard wire.enterPipelineMode() else { return end(wire.failure) }
                landed()
            case .end: session.finishedStep()
            case .sync:
                if let sentAt = session.sentAt {
                    environment.counters.queryMicroseconds += SystemClock.monotonic / 1_000 - sentAt
                }
                landed()
            case .copy:
                end(PostgresError(.connectionLost, "COPY from or to the client is not possible; the connection was closed"))
            }
        }
    }

    /// What the server says of what was sent together is complete.
    private func landed() {
        lastAnswer = loop.now
        for event in session.landed(now: loop.now, isOutside: wire.isOutside) { environment.observe(event) }
    }

    // MARK: - Deadlines

    /// Answers those whose deadline passed, and asks the server to cancel a statement that nobody waits for any more.
    func sweep(_ now: UInt64) {
        guard isOpen else { return }
        let wasSettling = isSettling
        let remedy = session.sweep(now)
        if isSettling != wasSettling { onSettlingChange() }
        switch remedy {
        case .cancel: cancel()
        case .giveUp: end(PostgresError(.connectionLost, "the server did not answer a cancelled statement in time"))
        case nil: break
        }
    }

    /// Asks the server, over a connection of its own, to cancel what it works on.
    private func cancel() {
        guard isOpen, environment.cancelGate.enter() else { return }
        guard let request = wire.cancelRequest else { return environment.cancelGate.leave() }
        session.cancelBegan()
        environment.observe(.cancelled(connection: id))
        loop.spawn { [self] in
            _ = try? await loop.offload { request.send() }
            environment.cancelGate.leave()
            session.cancelEnded()
            settle()
            sendSoon()
        }
    }

    /// Asks the server to cancel what it works on, as `psql` does at Ctrl-C, and returns when the server has the request. Whoever
    /// waits for the statement gets the server's error (``SQLState/queryCanceled``). What was sent behind it is not touched.
    public func cancelRunning() async {
        guard isOpen, isServed, let request = wire.cancelRequest else { return }
        _ = try? await loop.offload { request.send() }
    }

    /// Goes on with what waited for a cancelled statement, if it has ended.
    private func settle() {
        if isOpen, session.settle() { onSettlingChange() }
    }

    /// Without a pool, somebody has to look at the clock while a run with a deadline is under way.
    private func startOwnSweeper() {
        guard ownSweeper == nil else { return }
        let timer = Timer(on: loop)
        ownSweeper = timer
        timer.start(after: Self.sweepInterval, repeating: true) { [weak self] in
            guard let self else { return timer.stop() }
            sweep(loop.now)
            if isIdle, !isSettling {
                timer.stop()
                ownSweeper = nil
            }
        }
    }

    // MARK: - The end

    /// Ends the connection. What is under way fails.
    public func close() { end(nil) }

    /// Everything that libpq still knows of a broken connection, then its end.
    private func lost() {
        takeAnswers()
        if isOpen { end(wire.failure) }
    }

    /// Ends the connection, with the reason that everybody who waits is told; nil when its owner closes it.
    func end(_ reason: PostgresError?) {
        guard ending == nil else { return }
        let ending = reason ?? PostgresError(.closed, "the connection was closed")
        self.ending = ending
        ownSweeper?.stop()
        ownSweeper = nil
        wire.close()
        session.end(ending)
        environment.observe(.disconnected(connection: id, reason))
        onEnd(reason)
    }
}

/// What a connection gathered in a turn of the loop.
private final class Outbox: TurnEndAction {
    private let connection: PostgresConnection

    init(_ connection: PostgresConnection) { self.connection = connection }

    func turnEnded() { connection.sendAll() }
}
