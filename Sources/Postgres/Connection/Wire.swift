internal import CLibPQ
internal import EventLoop

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// A session's `PGconn` and the watch over its socket: what is sent and what comes back. It decides nothing.
///
/// After ``close()`` nothing of it may be used.
final class Wire {
    /// One of the server's answers, in their order.
    enum Answer {
        /// To a step of a pipeline, or to a statement of a script.
        case result(PostgresResult)
        case refused(PostgresError)
        /// A step was skipped, because one before it was refused.
        case skipped
        /// Nothing more comes for the step, or for the script.
        case end
        case sync
        /// A statement began a COPY, which cannot be gone on with.
        case copy
    }

    /// Called when the socket is ready for what is waited for.
    var onReady: (DescriptorWatcher.Interest) -> Void = { _ in }

    private let handle: OpaquePointer
    /// libpq closes its descriptor when the connection breaks, and then no longer tells which it was.
    private let descriptor: Int32
    private var watcher: DescriptorWatcher?
    /// What the watcher waits for.
    private var watched: DescriptorWatcher.Interest = []
    /// Where parameters are laid out for libpq.
    private var scratch = ParameterBuffer()
    private var notices: [PostgresError] = []
    private var isClosed = false

    /// Takes over `handle`, a `PGconn` that has been established, whatever comes of it.
    ///
    /// - Throws: ``PostgresError/Kind/unreachable``.
    init(_ handle: OpaquePointer, on loop: Loop) throws(PostgresError) {
        self.handle = handle
        descriptor = PQsocket(handle)
        guard PQsetnonblocking(handle, 1) == 0, PQenterPipelineMode(handle) == 1 else {
            throw PostgresError(.unreachable, connection: handle)
        }
        do {
            watcher = try DescriptorWatcher(descriptor, on: loop)
        } catch {
            throw PostgresError(.unreachable, "the socket cannot be watched: \(error)")
        }
        keepNotices()
        watch(for: .readable)
    }

    deinit { close() }

    /// Ends the session.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        // Before PQfinish closes the descriptor.
        watcher?.close()
        PQfinish(handle)
    }

    // MARK: - State

    var isBroken: Bool { PQstatus(handle) == CONNECTION_BAD }
    /// Why it is.
    var failure: PostgresError { PostgresError(.connectionLost, connection: handle) }
    /// Whether a transaction is open, failed or not. While something is under way it cannot be known.
    var isInTransaction: Bool {
        let status = PQtransactionStatus(handle)
        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR
    }
    /// Whether none is, and nothing is under way.
    var isOutside: Bool { PQtransactionStatus(handle) == PQTRANS_IDLE }
    var serverProcess: Int32 { PQbackendPID(handle) }
    var serverVersion: Int { Int(PQserverVersion(handle)) }
    /// What it takes to have the server cancel what it works on.
    var cancelRequest: CancelRequest? { PQgetCancel(handle).map(CancelRequest.init) }

    // MARK: - Sending. What returns false did not, because the connection broke.

    func send(_ step: Step) -> Bool {
        let handle = handle
        switch step {
        case .prepare(let sql, as: let name):
            return PQsendPrepare(handle, name, sql.text, 0, nil) == 1
        case .execute(let statement, as: let name?):
            return scratch.withPointers(statement.parameters) { values, count in
                PQsendQueryPrepared(handle, name, count, values, nil, nil, 0)
            } == 1
        case .execute(let statement, as: nil):
            return scratch.withPointers(statement.parameters) { values, count in
                PQsendQueryParams(handle, statement.sql.text, count, nil, values, nil, nil, 0)
            } == 1
        }
    }

    func sync() -> Bool { PQpipelineSync(handle) == 1 }

    /// Leaves pipeline mode for a script. ``enterPipelineMode()`` has to follow when it is over.
    func send(script: String) -> Bool { PQexitPipelineMode(handle) == 1 && PQsendQuery(handle, script) == 1 }

    func enterPipelineMode() -> Bool { PQstatus(handle) == CONNECTION_OK && PQenterPipelineMode(handle) == 1 }

    /// Lets libpq write what the kernel takes, and waits for room for the rest.
    func flush() -> Bool {
        let outcome = PQflush(handle)
        // When libpq fails to write, it reads what the server said last. It calls that no failure to flush, but may have
        // met the end and closed the socket meanwhile, of which no event will tell.
        guard !isBroken, outcome >= 0 else { return false }
        watch(for: outcome == 0 ? .readable : [.readable, .writable])
        return true
    }

    private func watch(for interest: DescriptorWatcher.Interest) {
        guard interest != watched else { return }
        watched = interest
        watcher?.watch(interest) { [unowned self] events in onReady(events) }
    }

    // MARK: - Receiving

    /// Reads what arrived. It is false when the connection broke; what came before that is valid all the same.
    func read() -> Bool { PQconsumeInput(handle) == 1 }

    /// The next answer that is complete. Ask only while one is owed.
    func nextAnswer() -> Answer? {
        guard PQisBusy(handle) == 0 else { return nil }
        // On a broken connection the end repeats itself for ever.
        guard let result = PQgetResult(handle) else { return isBroken ? nil : .end }
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            return .result(PostgresResult(result))
        case let status:
            defer { PQclear(result) }
            switch status {
            case PGRES_PIPELINE_SYNC: return .sync
            case PGRES_PIPELINE_ABORTED: return .skipped
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: return .copy
            default:
                return .refused(PostgresError(result, hasParameters: PQpipelineStatus(handle) != PQ_PIPELINE_OFF))
            }
        }
    }

    func nextNotification() -> PostgresNotification? {
        guard let notification = PQnotifies(handle) else { return nil }
        defer { PQfreemem(notification) }
        return PostgresNotification(
            channel: String(cString: notification.pointee.relname),
            payload: String(cString: notification.pointee.extra),
            serverProcess: notification.pointee.be_pid)
    }

    /// What the server said on its own account since it was last asked.
    ///
    /// It is told later than it is heard, because who hears it may close the connection in the middle of libpq's work on it.
    func takeNotices() -> [PostgresError] {
        guard !notices.isEmpty else { return [] }
        defer { notices = [] }
        return notices
    }

    /// Keeps what the server says on its own account. libpq would print it.
    private func keepNotices() {
        PQsetNoticeReceiver(
            handle,
            { context, result in
                guard let context, let result else { return }
                let wire = Unmanaged<Wire>.fromOpaque(context).takeUnretainedValue()
                wire.notices.append(PostgresError(result, hasParameters: false))
            },
            // Unretained: libpq calls it while it handles input of this very connection.
            Unmanaged.passUnretained(self).toOpaque())
    }

    /// Whether there is something to read now, be it the end, or an error.
    @inline(never)
    func hasInput() -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0 && entry.revents != 0
    }
}

/// A `PGcancel`, which libpq made for use on another thread.
final class CancelRequest: @unchecked Sendable {
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
