internal import Bytes
internal import CLibPQ
internal import EventLoop

extension PostgresConnection {
    /// Runs `statements` in one pipeline under one sync: outside of a transaction they are one transaction.
    ///
    /// An error ends this run and rolls it back; runs of others are not touched by it. A statement that has to be
    /// prepared again is, and the run repeated once, if that is safe.
    ///
    /// - Parameters:
    ///   - deadline: in milliseconds of the loop's clock. When it passes, the caller has its answer at once and the
    ///     server is asked to cancel the statement.
    ///   - access: whether the statements write. It decides whether an outcome can be unknown.
    /// - Throws: ``PostgresError``; its ``PostgresError/mayHaveCommitted`` says whether the outcome is unknown.
    public func run(
        _ statements: [Statement], deadline: UInt64 = .max, access: Access = .readWrite
    ) async throws(PostgresError) -> [PostgresResult] {
        guard !statements.isEmpty else { return [] }
        for statement in statements { try check(statement) }
        return try await wait(for: Run(statements, deadline: deadline, access: access))
    }

    /// Runs one statement.
    public func run(
        _ statement: Statement, deadline: UInt64 = .max, access: Access = .readWrite
    ) async throws(PostgresError) -> PostgresResult {
        try await run([statement], deadline: deadline, access: access)[0]
    }

    /// Runs a script of statements divided by semicolons, which may hold what cannot run in a transaction.
    ///
    /// PostgreSQL runs a script of several statements as one transaction unless it has its own `BEGIN` and `COMMIT`;
    /// `CREATE INDEX CONCURRENTLY` therefore has to be alone in it. It runs after what was asked for before.
    ///
    /// - Returns: the results of its statements.
    /// - Throws: ``PostgresError``, with ``PostgresError/position`` counting from the start of the script.
    @discardableResult
    public func simpleQuery(_ script: String, deadline: UInt64 = .max) async throws(PostgresError) -> [PostgresResult] {
        guard !script.utf8.contains(0) else {
            throw PostgresError(.server, sqlState: .characterNotInRepertoire, "the script contains a zero byte")
        }
        let statement = Statement(.unprepared(script))
        return try await wait(for: Run([statement], deadline: deadline, access: .readWrite, form: .script))
    }

    private func wait(for run: Run) async throws(PostgresError) -> [PostgresResult] {
        if let ending { throw ending.with(mayHaveCommitted: false) }
        guard run.deadline > loop.now else { throw .deadlineExceeded(mayHaveCommitted: false) }
        await run.wait { gather(run) }
        return try run.outcome!.get()
    }

    /// libpq would cut a parameter off at its first zero byte.
    private func check(_ statement: Statement) throws(PostgresError) {
        guard statement.parameters.count <= Statement.parameterLimit else {
            throw PostgresError(
                .server, sqlState: .programLimitExceeded, "more than \(Statement.parameterLimit) parameters")
        }
        for case let parameter? in statement.parameters where parameter.utf8.contains(0) {
            throw PostgresError(.server, sqlState: .characterNotInRepertoire, "a parameter contains a zero byte")
        }
    }

    /// Takes `run` to be sent at the end of the turn.
    func gather(_ run: Run) {
        unsent.append(run)
        sendSoon()
        startOwnSweeper(for: run)
    }

    func sendSoon() {
        guard !isGathering else { return }
        isGathering = true
        loop.atTurnEnd(Outbox(self))
    }

    /// Sends what is unsent, unless it has to wait.
    fileprivate func sendAll() {
        isGathering = false
        let now = SystemClock.monotonic / 1_000
        if isOpen, !isSettling, !unsent.isEmpty, mayClosePrepared { closePrepared(now) }
        while isOpen, !isSettling, script == nil, let run = unsent.first {
            if run.form == .script, !inFlight.isEmpty { break }
            _ = unsent.popFirst()
            // Its deadline may have passed while it waited here.
            if run.isFinished { continue }
            switch run.form {
            case .script: start(run)
            case .pipeline: send(run, now)
            }
        }
        if isOpen { flush() }
    }

    /// Sends `run`, and with it those behind it that may share its sync.
    private func send(_ run: Run, _ now: UInt64) {
        let flight = Flight(cancels: cancels, sentAt: now)
        // First of all, so that it counts as sent if the connection breaks in the middle.
        inFlight.append(flight)
        var run = run
        while true {
            flight.append(run)
            for statement in run.statements {
                // What runs again runs unprepared: nothing that it may meet can be outdated a second time.
                let use = run.isRepeated ? .unprepared : prepared.use(statement.sql)
                guard send(statement, use, in: flight) else { return lost() }
            }
            guard mayShare(run), flight.runs.count < PostgresConnection.sharingLimit, let next = unsent.first, mayShare(next)
            else { break }
            run = next
            _ = unsent.popFirst()
        }
        counters.pipelines += 1
        counters.statements += flight.statements
        if PQpipelineSync(handle) != 1 { lost() }
    }

    /// How many runs share a sync at most. Those before it wait for the last of them.
    private static let sharingLimit = 8

    /// Whether a run may share a sync, and with it a transaction, with others.
    ///
    /// Each sync costs libpq and the server a system call; with a few reads under each, the server answers twice as many.
    /// If one of them fails, the others run again.
    private func mayShare(_ run: Run) -> Bool {
        run.access == .readOnly && run.form == .pipeline && !run.isAlone && !run.isFinished && !isExclusive
    }

    /// - Returns: false if the connection is broken.
    private func send(_ statement: Statement, _ use: PreparedStatements.Use, in flight: Flight) -> Bool {
        let sql = statement.sql
        let handle = handle
        switch use {
        case .unprepared:
            flight.append(.execute(sql, nil))
            return scratch.withPointers(statement.parameters) { values, count in
                PQsendQueryParams(handle, sql.text, count, nil, values, nil, nil, 0)
            } == 1
        case .preparedFirst(as: let name):
            flight.append(.prepare(sql, name))
            guard PQsendPrepare(handle, name, sql.text, 0, nil) == 1 else { return false }
            fallthrough
        case .prepared(as: let name):
            flight.append(.execute(sql, name))
            return scratch.withPointers(statement.parameters) { values, count in
                PQsendQueryPrepared(handle, name, count, values, nil, nil, 0)
            } == 1
        }
    }

    /// How many prepared statements are closed at a time.
    static let closingBatch = 16
    /// How long that may take, in milliseconds. Then the server hangs, and others wait behind it.
    private static let closingPatience: UInt64 = 5_000

    /// Closes prepared statements of no use, under a sync of their own: no transaction is open, and none is touched.
    private func closePrepared(_ now: UInt64) {
        let names = prepared.takeUseless(atLeast: PostgresConnection.closingBatch)
        guard !names.isEmpty else { return }
        send(Run(closing: names, deadline: loop.now + PostgresConnection.closingPatience), now)
    }

    /// Whether no transaction is open, or will be when all that is in flight has been done.
    private var mayClosePrepared: Bool {
        guard script == nil else { return false }
        // With something in flight libpq does not tell; those who share a pool's connection keep no transaction open on it.
        return inFlight.isEmpty ? PQtransactionStatus(handle) == PQTRANS_IDLE : isSwept && !isExclusive
    }

    private func start(_ run: Run) {
        script = run
        counters.pipelines += 1
        counters.statements += 1
        guard PQexitPipelineMode(handle) == 1, PQsendQuery(handle, run.statements[0].sql.text) == 1 else {
            return lost()
        }
    }

    /// Lets libpq write what the kernel takes, and waits for room for the rest.
    func flush() {
        let outcome = PQflush(handle)
        // When libpq fails to write, it reads what the server said last. It calls that no failure to flush, but may have
        // met the end and closed the socket meanwhile, of which no event will tell.
        guard PQstatus(handle) != CONNECTION_BAD else { return lost() }
        switch outcome {
        case 0: watch(for: .readable)
        case 1: watch(for: [.readable, .writable])
        default: lost()
        }
    }

    func watch(for interest: DescriptorWatcher.Interest) {
        guard interest != watched else { return }
        watched = interest
        watcher?.watch(interest) { [unowned self] events in
            if events.contains(.readable) { receive() }
            if events.contains(.writable), isOpen { flush() }
        }
    }

    /// Everything that libpq still knows of a broken connection, then its end.
    func lost() {
        guard isOpen else { return }
        takeResults()
        guard isOpen else { return }
        end(PostgresError(.connectionLost, connection: handle))
    }
}

/// What a connection gathered in a turn of the loop.
private final class Outbox: TurnEndAction {
    private let connection: PostgresConnection

    init(_ connection: PostgresConnection) { self.connection = connection }

    func turnEnded() { connection.sendAll() }
}

extension PostgresError {
    static func deadlineExceeded(mayHaveCommitted: Bool) -> PostgresError {
        PostgresError(.deadlineExceeded, "the deadline passed", mayHaveCommitted: mayHaveCommitted)
    }
}
