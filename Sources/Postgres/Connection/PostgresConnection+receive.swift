internal import Bytes
internal import CLibPQ
internal import EventLoop

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

extension PostgresConnection {
    /// Reads what arrived and answers whom it concerns.
    func receive() {
        guard isOpen else { return }
        let isHealthy = PQconsumeInput(handle) == 1
        takeResults()
        guard isOpen else { return }
        takeNotifications()
        takeNotices()
        guard isOpen else { return }
        if !isHealthy || PQstatus(handle) == CONNECTION_BAD { return lost() }
        settle()
        if !unsent.isEmpty { sendSoon() }
    }

    /// Takes all results that are complete. Also of a broken connection: what it received before is valid.
    func takeResults() {
        while isOpen, PQisBusy(handle) == 0 {
            if let script {
                guard let result = PQgetResult(handle) else {
                    finish(script)
                    continue
                }
                take(result, of: script)
            } else if let flight = inFlight.first {
                guard let result = PQgetResult(handle) else {
                    // The end of one step's results. On a broken connection it repeats itself for ever.
                    if PQstatus(handle) == CONNECTION_BAD { return }
                    flight.finishStep()
                    continue
                }
                take(result, of: flight)
            } else {
                return
            }
        }
    }

    private func take(_ result: OpaquePointer, of flight: Flight) {
        switch PQresultStatus(result) {
        case PGRES_PIPELINE_SYNC:
            PQclear(result)
            land(flight)
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            if case .execute = flight.current {
                flight.currentRun.results.append(PostgresResult(result))
            } else {
                PQclear(result)
            }
        case PGRES_PIPELINE_ABORTED:
            PQclear(result)
            undo(flight.current)
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            PQclear(result)
            end(PostgresError(.connectionLost, "COPY cannot be run as a statement; the connection was closed"))
        default:
            let error = PostgresError(result, hasParameters: true)
            PQclear(result)
            fail(flight, error)
        }
    }

    /// A step was refused; the server skips the rest up to the sync.
    private func fail(_ flight: Flight, _ error: PostgresError) {
        // The first one: a second one is what libpq makes up when the connection breaks.
        if flight.failed == nil {
            flight.failed = flight.currentRun
            flight.currentRun.failure = error
        }
        switch flight.current {
        case .execute(let sql, let name?):
            if error.sqlState == .invalidStatementName { prepared.isMissing(name, of: sql) }
            if error.isStalePlan { prepared.isOutdated(name, of: sql) }
        case .prepare(let sql, let name): prepared.isMissing(name, of: sql)
        case .execute(_, nil), nil: break
        }
    }

    /// A step was skipped, because one before it was refused.
    private func undo(_ step: Flight.Step?) {
        if case .prepare(let sql, let name) = step { prepared.isMissing(name, of: sql) }
    }

    /// The sync was answered: what the server says of these runs is complete.
    private func land(_ flight: Flight) {
        _ = inFlight.popFirst()
        answered()
        counters.queryMicroseconds += SystemClock.monotonic / 1_000 - flight.sentAt
        guard let failed = flight.failed, let error = failed.failure else {
            for run in flight.runs { run.finish(.success(run.results)) }
            return
        }
        for run in flight.runs where !run.isFinished {
            if !run.closes.isEmpty {
                // One that the server does not have is closed as well.
                let done = run.results.count + (error.sqlState == .invalidStatementName ? 1 : 0)
                prepared.areStillThere(run.closes.dropFirst(done))
            } else if run !== failed {
                run.startAgain(isOwnFault: false)
                gather(run)
            } else if mayRepeat(run, of: flight, after: error) {
                if error.sqlState != .queryCanceled { observe(.preparedAgain(connection: id, sql: run.currentSQL)) }
                run.startAgain(isOwnFault: true)
                gather(run)
            } else {
                observe(.statementFailed(connection: id, sql: run.currentSQL, error))
                let isUnknown = error.kind == .connectionLost && run.access == .readWrite
                run.finish(.failure(error.with(mayHaveCommitted: isUnknown)))
            }
        }
    }

    private func answered() {
        lastAnswer = loop.now
        if settlingSince != nil { settlingSince = loop.now }
    }

    /// Whether a run failed for a reason that was not its own, and was rolled back as a whole.
    private func mayRepeat(_ run: Run, of flight: Flight, after error: PostgresError) -> Bool {
        guard isOpen, !run.isRepeated, run.deadline > loop.now else { return false }
        let wasHitByCancel = error.sqlState == .queryCanceled && flight.cancels != cancels
        guard wasHitByCancel || error.isOfPreparation else { return false }
        // With others in flight libpq does not tell; those who share a connection keep no transaction open on it.
        return inFlight.isEmpty ? PQtransactionStatus(handle) == PQTRANS_IDLE : !isExclusive
    }

    private func take(_ result: OpaquePointer, of script: Run) {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            script.results.append(PostgresResult(result))
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            PQclear(result)
            end(PostgresError(.connectionLost, "COPY from or to the client is not possible in a script"))
        default:
            let error = PostgresError(result, hasParameters: false)
            PQclear(result)
            script.failure = script.failure ?? error
        }
    }

    private func finish(_ run: Run) {
        guard PQstatus(handle) == CONNECTION_OK, PQenterPipelineMode(handle) == 1 else {
            return end(PostgresError(.connectionLost, connection: handle))
        }
        script = nil
        answered()
        guard let failure = run.failure else { return run.finish(.success(run.results)) }
        observe(.statementFailed(connection: id, sql: run.currentSQL, failure))
        // A script may have committed a part of itself.
        run.finish(.failure(failure.with(mayHaveCommitted: run.results.contains { $0.commandTag == "COMMIT" })))
    }

    private func takeNotifications() {
        while isOpen, let notification = PQnotifies(handle) {
            defer { PQfreemem(notification) }
            onNotification(
                PostgresNotification(
                    channel: String(cString: notification.pointee.relname),
                    payload: String(cString: notification.pointee.extra),
                    serverProcess: notification.pointee.be_pid))
        }
    }

    private func takeNotices() {
        guard !notices.isEmpty else { return }
        for notice in notices {
            observe(
                .notice(
                    connection: id, severity: notice.severity ?? "", sqlState: notice.sqlState, message: notice.message))
        }
        notices = []
    }

    /// Whether the server is still there, as far as this end can know.
    ///
    /// The end of an idle connection arrives as something to read, perhaps in this very turn.
    func checkAlive() -> Bool {
        guard isOpen else { return false }
        // What answered in this very millisecond is taken to live.
        guard isIdle, loop.now > lastAnswer else { return true }
        // A notification may be waiting before it, or the server's reason.
        for _ in 0..<4 where isOpen && readiness() != 0 { receive() }
        return isOpen
    }

    /// What there is to know of the descriptor now: something to read, be it the end, or an error.
    @inline(never)
    private func readiness() -> Int16 {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0 ? entry.revents : 0
    }
}
