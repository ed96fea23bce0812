internal import Bytes
internal import CLibPQ
internal import EventLoop

extension PostgresConnection {
    /// How often a connection without a pool looks after its deadlines, in milliseconds.
    private static let sweepInterval: UInt64 = 25

    /// Answers those whose deadline passed, and asks the server to cancel a statement that nobody waits for any more.
    func sweep(_ now: UInt64) {
        guard isOpen else { return }
        for run in unsent.removeAll(where: { $0.deadline <= now }) {
            run.finish(.failure(.deadlineExceeded(mayHaveCommitted: false)))
        }
        for flight in inFlight.all { for run in flight.runs { abandon(run, now) } }
        if let script { abandon(script, now) }
        guard isCancelling || abandoned != nil else { return }
        if settlingSince == nil {
            settlingSince = now
            onSettlingChange()
        }
        // One cancel for each.
        if let abandoned, abandoned !== cancelled, !isCancelling, cancelGate.enter() { cancel(abandoned) }
        if now - settlingSince! >= configuration.cancelPatience {
            end(PostgresError(.connectionLost, "the server did not answer a cancelled statement in time"))
        }
    }

    /// The script or the flight that the server works on, if somebody no longer waits for it.
    ///
    /// Of runs that share a sync it cannot be known which one the server works on, because it answers them together.
    private var abandoned: AnyObject? {
        if let script { return script.isFinished ? script : nil }
        guard let flight = inFlight.first, flight.runs.contains(where: \.isFinished) else { return nil }
        return flight
    }

    private func abandon(_ run: Run, _ now: UInt64) {
        guard run.deadline <= now, !run.isFinished else { return }
        run.finish(.failure(.deadlineExceeded(mayHaveCommitted: run.access == .readWrite)))
    }

    /// Asks the server, over a connection of its own, to cancel what it works on.
    ///
    /// The server may have gone on to the next statement when the request arrives. So nothing new is sent until the
    /// request was handled, and what was sent before and is hit by it is repeated.
    private func cancel(_ work: AnyObject) {
        guard let request = PQgetCancel(handle) else { return cancelGate.leave() }
        cancels += 1
        isCancelling = true
        cancelled = work
        observe(.cancelled(connection: id))
        let cancel = CancelRequest(request)
        let gate = cancelGate
        loop.spawn { [self] in
            _ = try? await loop.offload { cancel.send() }
            gate.leave()
            isCancelling = false
            settle()
        }
    }

    /// Asks the server to cancel what it works on, as `psql` does at Ctrl-C, and returns when the server has the request. Whoever
    /// waits for the statement gets the server's error (``SQLState/queryCanceled``). What was sent behind it is not touched.
    public func cancelRunning() async {
        guard isOpen, isServed, let request = PQgetCancel(handle) else { return }
        let cancel = CancelRequest(request)
        _ = try? await loop.offload { cancel.send() }
    }

    /// Goes on with what waited for a cancelled statement, if it has ended.
    func settle() {
        guard isOpen, settlingSince != nil, !isCancelling, abandoned == nil else { return }
        settlingSince = nil
        onSettlingChange()
        if !unsent.isEmpty { sendSoon() }
    }

    /// Without a pool, somebody has to look at the clock while a run with a deadline is under way.
    func startOwnSweeper(for run: Run) {
        guard !isSwept, run.deadline != .max, ownSweeper == nil else { return }
        let timer = Timer(on: loop)
        ownSweeper = timer
        timer.start(after: PostgresConnection.sweepInterval, repeating: true) { [weak self] in
            guard let self else { return timer.stop() }
            sweep(loop.now)
            if isIdle, !isSettling {
                timer.stop()
                ownSweeper = nil
            }
        }
    }
}

/// A `PGcancel`, which libpq made for use on another thread.
private final class CancelRequest: @unchecked Sendable {
    // @unchecked: a PGcancel is a copy of what it needs of the connection, and nobody changes it.
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) { self.handle = handle }
    deinit { PQfreeCancel(handle) }

    /// Blocks until the server has handled the request. What comes of it shows in the cancelled statement.
    func send() {
        var message = [CChar](repeating: 0, count: 256)
        _ = PQcancel(handle, &message, Int32(message.count))
    }
}
