internal import Bytes
internal import EventLoop

/// Decides for a connection what is sent when, whom which answer concerns, what runs again, and what is cancelled.
///
/// A value without I/O: it is told what is asked for, what the server says and what time it is, and says what to do. Who waits for a
/// run is given its outcome by the run's promise. Times are in milliseconds of the loop's clock, if nothing else is said.
struct SessionMachine {
    /// What is to be sent.
    enum Request {
        /// In pipeline mode, with a sync behind them.
        case pipeline([Step])
        /// In the simple protocol.
        case script(String)
    }

    /// What has to be done because time passed.
    enum Remedy {
        /// Ask the server to cancel what it works on, and report `cancelBegan` and `cancelEnded`.
        case cancel
        /// End the connection: the server hangs.
        case giveUp
    }

    /// How many runs share a sync at most. Those before it wait for the last of them.
    static let sharingLimit = 8
    /// How many prepared statements are closed at a time.
    static let closingBatch = 16
    /// How long that may take. Then the server hangs, and others wait behind it.
    private static let closingPatience: UInt64 = 5_000

    /// Its connection's number, for what is observed.
    private let connection: Int
    /// How long a cancelled statement may take to end.
    private let cancelPatience: UInt64
    /// Whether those who share it keep no transaction open on it, as those of a pool.
    private let isPooled: Bool
    private var prepared: PreparedStatements
    /// What was asked for and not sent yet.
    private var unsent = FIFO<Run>()
    /// What was sent, oldest first; the server works on the first. A script is alone in it.
    private var inFlight = FIFO<Flight>()
    private var flights = 0
    /// How many cancels it has asked for.
    private var cancels = 0
    private var isCancelling = false
    /// The flight that the last cancel was for.
    private var cancelled: Int?
    /// Since when it makes no progress towards the end of a statement that nobody waits for any more.
    private var settlingSince: UInt64?
    /// Whether its user keeps a transaction open on it, and so shares it with nobody.
    var isExclusive = false

    init(connection: Int, cancelPatience: UInt64, isPooled: Bool, prepared: PreparedStatements) {
        self.connection = connection
        self.cancelPatience = cancelPatience
        self.isPooled = isPooled
        self.prepared = prepared
    }

    /// Whether nothing is under way.
    var isIdle: Bool { inFlight.isEmpty && unsent.isEmpty }
    /// Whether something waits to be sent.
    var hasUnsent: Bool { !unsent.isEmpty }
    /// Whether the server works on something, or has its answer under way.
    var isServed: Bool { !inFlight.isEmpty }
    /// Whether that is a script.
    var isInScript: Bool { !inFlight.isEmpty && inFlight[0].isScript }
    /// Whether it waits for a cancelled statement to end. What is asked for meanwhile is sent after that.
    var isSettling: Bool { settlingSince != nil }
    /// When the oldest of what is in flight was sent, in microseconds.
    var sentAt: UInt64? { inFlight.isEmpty ? nil : inFlight[0].sentAt }

    // MARK: - Sending

    /// Somebody asks for `run`, to be sent by ``next(now:microseconds:isOutside:)``.
    mutating func ask(_ run: Run) { unsent.append(run) }

    /// What is to be sent now; nil if that is nothing, or has to wait.
    ///
    /// - Parameters:
    ///   - microseconds: the time for ``sentAt``.
    ///   - isOutside: whether no transaction is open, as far as that can be known: not while something is in flight.
    mutating func next(now: UInt64, microseconds: UInt64, isOutside: Bool) -> Request? {
        guard !isSettling, !isInScript, !unsent.isEmpty else { return nil }
        if inFlight.isEmpty ? isOutside : isPooled && !isExclusive {
            let useless = prepared.takeUseless(atLeast: Self.closingBatch)
            if !useless.isEmpty { return send(Run(closing: useless, deadline: now + Self.closingPatience), microseconds) }
        }
        guard unsent[0].form == .pipeline || inFlight.isEmpty else { return nil }
        return send(unsent.popFirst()!, microseconds)
    }

    /// Sends `run`, and with it those in line that may share its sync.
    private mutating func send(_ run: Run, _ microseconds: UInt64) -> Request {
        flights += 1
        var flight = Flight(number: flights, cancels: cancels, sentAt: microseconds)
        add(run, to: &flight)
        if mayShare(run) {
            while flight.runs.count < Self.sharingLimit, !unsent.isEmpty, mayShare(unsent[0]) {
                add(unsent.popFirst()!, to: &flight)
            }
        }
        // It counts as sent even if the connection breaks before all of it is.
        inFlight.append(flight)
        return run.form == .script ? .script(run.statements[0].sql.text) : .pipeline(flight.steps)
    }

    /// Whether a run may share a sync, and with it a transaction, with others.
    ///
    /// Each sync costs libpq and the server a system call; with a few reads under each, the server answers twice as many.
    /// If one of them fails, the others run again.
    private func mayShare(_ run: Run) -> Bool {
        run.access == .readOnly && run.form == .pipeline && !run.isAlone && !isExclusive
    }

    private mutating func add(_ run: Run, to flight: inout Flight) {
        flight.append(run)
        for statement in run.statements {
            // What runs again runs unprepared: nothing that it may meet can be outdated a second time.
            switch run.isRepeated ? .unprepared : prepared.use(statement.sql) {
            case .unprepared:
                flight.append(.execute(statement, as: nil))
            case .preparedFirst(as: let name):
                flight.append(.prepare(statement.sql, as: name))
                flight.append(.execute(statement, as: name))
            case .prepared(as: let name):
                flight.append(.execute(statement, as: name))
            }
        }
    }

    // MARK: - Answers to the oldest of what is in flight

    /// The server did what the current step, or a statement of a script, asks for.
    mutating func received(_ result: PostgresResult) { inFlight[0].received(result) }

    /// The server refused the current step, or a statement of a script; it skips the rest.
    mutating func refused(_ error: PostgresError) {
        inFlight[0].refused(error)
        switch inFlight[0].currentStep {
        case .execute(let statement, as: let name?):
            if error.sqlState == .invalidStatementName { prepared.isMissing(name, of: statement.sql) }
            if error.isStalePlan { prepared.isOutdated(name, of: statement.sql) }
        case .prepare(let sql, as: let name): prepared.isMissing(name, of: sql)
        case .execute(_, as: nil), nil: break
        }
    }

    /// The server skipped the current step, because one before it was refused.
    mutating func skipped() {
        if case .prepare(let sql, as: let name) = inFlight[0].currentStep { prepared.isMissing(name, of: sql) }
    }

    /// The server has no more to say of the current step.
    mutating func finishedStep() { inFlight[0].finishStep() }

    /// The server has said all of what was sent together: the sync was answered, or the script is over.
    ///
    /// - Parameter isOutside: as with ``next(now:microseconds:isOutside:)``.
    /// - Returns: what is to be told of it.
    mutating func landed(now: UInt64, isOutside: Bool) -> [PostgresEvent] {
        guard let flight = inFlight.popFirst() else { return [] }
        if isSettling { settlingSince = now }
        guard let (failed, error) = flight.failure else {
            for run in flight.runs { run.outcome.give(.success(run.results)) }
            return []
        }
        var events: [PostgresEvent] = []
        for (number, run) in flight.runs.enumerated() where !run.isFinished {
            if !run.closes.isEmpty {
                // One that the server does not have is closed as well.
                let done = run.results.count + (error.sqlState == .invalidStatementName ? 1 : 0)
                prepared.areStillThere(run.closes.dropFirst(done))
            } else if number != failed {
                unsent.append(run.again(isOwnFault: false))
            } else if mayRepeat(run, of: flight, after: error, now: now, isOutside: isOutside) {
                if error.sqlState != .queryCanceled { events.append(.preparedAgain(connection: connection, sql: run.currentSQL)) }
                unsent.append(run.again(isOwnFault: true))
            } else {
                events.append(.statementFailed(connection: connection, sql: run.currentSQL, error))
                // Of a script a part may have been committed, by its own words.
                let isUnknown =
                    run.form == .script
                    ? run.results.contains { $0.commandTag == "COMMIT" }
                    : error.kind == .connectionLost && run.access == .readWrite
                run.outcome.give(.failure(error.with(mayHaveCommitted: isUnknown)))
            }
        }
        return events
    }

    /// Whether a run failed for a reason that was not its own, and was rolled back as a whole.
    private func mayRepeat(
        _ run: Run, of flight: Flight, after error: PostgresError, now: UInt64, isOutside: Bool
    ) -> Bool {
        guard run.form == .pipeline, !run.isRepeated, run.deadline > now else { return false }
        let wasHitByCancel = error.sqlState == .queryCanceled && flight.cancels != cancels
        guard wasHitByCancel || error.isOfPreparation else { return false }
        return inFlight.isEmpty ? isOutside : !isExclusive
    }

    /// The connection is over: everybody who waits is told `reason`.
    mutating func end(_ reason: PostgresError) {
        // What was not sent has not happened for certain; of what was sent, only a read has not.
        while let run = unsent.popFirst() { run.outcome.give(.failure(reason)) }
        while let flight = inFlight.popFirst() {
            for (number, run) in flight.runs.enumerated() {
                let error = flight.failure?.run == number ? flight.failure!.error : reason
                let isUnknown = run.access == .readWrite && error.kind != .server
                run.outcome.give(.failure(error.with(mayHaveCommitted: isUnknown)))
            }
        }
    }

    // MARK: - Deadlines

    /// Time passed: those are answered whose deadline did too, and what nobody waits for any more is to be ended.
    mutating func sweep(_ now: UInt64) -> Remedy? {
        for run in unsent.removeAll(where: { $0.deadline <= now }) {
            run.outcome.give(.failure(.deadlineExceeded(mayHaveCommitted: false)))
        }
        for place in 0..<inFlight.count {
            for run in inFlight[place].runs where run.deadline <= now && !run.isFinished {
                run.outcome.give(.failure(.deadlineExceeded(mayHaveCommitted: run.access == .readWrite)))
            }
        }
        guard isCancelling || isAbandoned else { return nil }
        let since = settlingSince ?? now
        settlingSince = since
        if now - since >= cancelPatience { return .giveUp }
        // One cancel for each.
        return !isCancelling && inFlight[0].number != cancelled ? .cancel : nil
    }

    /// Whether somebody no longer waits for what the server works on.
    private var isAbandoned: Bool { !inFlight.isEmpty && inFlight[0].isAbandoned }

    /// The server is being asked to cancel what it works on.
    ///
    /// It may have gone on to the next statement when the request arrives. So nothing new is sent until the request was handled,
    /// and what was sent before and is hit by it is repeated.
    mutating func cancelBegan() {
        cancels += 1
        isCancelling = true
        cancelled = inFlight[0].number
    }

    /// The request was handled.
    mutating func cancelEnded() { isCancelling = false }

    /// Goes on with what waited for a cancelled statement, if it has ended.
    ///
    /// - Returns: whether it did.
    mutating func settle() -> Bool {
        guard isSettling, !isCancelling, !isAbandoned else { return false }
        settlingSince = nil
        return true
    }
}
