internal import CLibPQ
internal import EventLoop

/// libpq's way from nothing to a session that can be used, step by step as the socket becomes ready.
final class Handshake {
    private let parameters: [String: String]
    private let loop: Loop
    private let handle: OpaquePointer?

    init(_ parameters: [String: String], on loop: Loop) {
        self.parameters = parameters
        self.loop = loop
        var keywords: [UnsafePointer<CChar>?] = []
        var values: [UnsafePointer<CChar>?] = []
        for (keyword, value) in parameters {
            keywords.append(copy(keyword))
            values.append(copy(value))
        }
        keywords.append(nil)
        values.append(nil)
        // 0: a database name is a name, not another connection string.
        handle = PQconnectStartParams(keywords, values, 0)
        for text in keywords + values { text?.deallocate() }
        // Of an attempt to connect libpq gives no more than a message, which has the code only in this form.
        PQsetErrorVerbosity(handle, PQERRORS_VERBOSE)
    }

    /// - Parameter poolers: what is known of a pooler before the server.
    /// - Returns: the `PGconn`, which is the caller's.
    func finish(
        _ configuration: PostgresConfiguration, _ poolers: PoolerCheck
    ) async throws(PostgresError) -> OpaquePointer {
        guard let handle else { throw PostgresError(.unreachable, "out of memory") }
        let deadline = loop.now + configuration.connectTimeout
        do throws(PostgresError) {
            try await establish(before: deadline)
            try checkEncoding()
            try await checkPooler(poolers, before: deadline)
            // As options of the connection they could be overruled by others there, and a pooler may refuse or drop them.
            _ = try await query(configuration.sessionSettings, before: deadline)
            PQsetErrorVerbosity(handle, PQERRORS_DEFAULT)
            return handle
        } catch {
            PQfinish(handle)
            throw loop.now < deadline
                ? error : PostgresError(.unreachable, "the server did not answer within \(configuration.connectTimeout) ms")
        }
    }

    private func establish(before deadline: UInt64) async throws(PostgresError) {
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
        var interest = DescriptorWatcher.Interest.writable
        while PQstatus(handle) != CONNECTION_BAD, await isReady(for: interest, before: deadline) {
            switch PQconnectPoll(handle) {
            case PGRES_POLLING_READING: interest = .readable
            case PGRES_POLLING_WRITING: interest = .writable
            case PGRES_POLLING_OK: return
            default: throw refusal
            }
        }
        throw refusal
    }

    /// Why there is no connection.
    private var refusal: PostgresError {
        let error = PostgresError(.unreachable, connection: handle!)
        // This is libpq's own, for `target_session_attrs`, and has no code.
        guard error.message.contains("session is read-only") else { return error }
        return PostgresError(.unreachable, sqlState: .readOnlyTransaction, error.message)
    }

    /// Text from anywhere in the world is stored, and what is read is taken for UTF-8.
    private func checkEncoding() throws(PostgresError) {
        guard let encoding = PQparameterStatus(handle, "server_encoding").map({ String(cString: $0) }), encoding != "UTF8"
        else { return }
        throw PostgresError(
            .invalidConfiguration,
            "the database has the encoding \(encoding), which cannot hold all texts; give Larder one made WITH ENCODING 'UTF8'")
    }

    // MARK: - Poolers

    /// How long a second session may take to be there, in milliseconds. A pooler that has none free lets it wait.
    private static let secondSessionPatience: UInt64 = 1_000

    /// Refuses a pooler that gives each transaction whichever session is free: what is set in a session or prepared there would be
    /// found in another application's, and be missing in ours.
    ///
    /// It is told by the processes of the server that serve two sessions at the same time. One that is busy with others may
    /// not show it; then it shows at another connection.
    private func checkPooler(_ poolers: PoolerCheck, before deadline: UInt64) async throws(PostgresError) {
        guard !poolers.isDone else { return }
        let first = try await process(before: deadline)
        // A pooler makes a number up for its clients, because it has none that is theirs.
        guard first != String(PQbackendPID(handle)) else {
            poolers.isDone = true
            return
        }
        let second = Handshake(parameters, on: loop)
        defer { PQfinish(second.handle) }
        let patience = min(deadline, loop.now + Handshake.secondSessionPatience)
        var other: String?
        do throws(PostgresError) {
            try await second.establish(before: patience)
            other = try await second.process(before: patience)
        } catch {
            // It has to wait for a session, or may have none. So sessions are not shared out.
        }
        guard try await process(before: deadline) == first, other != first else {
            throw PostgresError(
                .invalidConfiguration,
                """
                the pooler before the database shares its sessions out by the transaction, which Larder cannot use yet; set \
                pool_mode=session for it in PgBouncer, or name the server itself
                """)
        }
        poolers.isDone = true
    }

    private func process(before deadline: UInt64) async throws(PostgresError) -> String? {
        try await query("SELECT pg_backend_pid()", before: deadline)
    }

    // MARK: - Steps

    /// Runs a script.
    ///
    /// - Returns: the first value of its last result, if it has one.
    private func query(_ script: String, before deadline: UInt64) async throws(PostgresError) -> String? {
        guard PQsendQuery(handle, script) == 1 else { throw PostgresError(.unreachable, connection: handle!) }
        var value: String?
        while true {
            while PQisBusy(handle) == 1 {
                guard await isReady(for: .readable, before: deadline), PQconsumeInput(handle) == 1 else {
                    throw PostgresError(.unreachable, connection: handle!)
                }
            }
            guard let result = PQgetResult(handle) else { return value }
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK: value = nil
            case PGRES_TUPLES_OK: value = PQntuples(result) > 0 ? String(cString: PQgetvalue(result, 0, 0)) : nil
            default: throw PostgresError(.unreachable, connection: handle!)
            }
        }
    }

    /// - Returns: false when it is too late.
    ///
    /// The watcher lives from one step to the next: in each, libpq may close its descriptor and open another, which
    /// may bear the same number.
    private func isReady(for interest: DescriptorWatcher.Interest, before deadline: UInt64) async -> Bool {
        guard deadline > loop.now, let watcher = try? DescriptorWatcher(PQsocket(handle), on: loop) else { return false }
        let timer = Timer(on: loop)
        let isInTime = Promise<Bool>()
        watcher.watch(interest) { _ in isInTime.give(true) }
        timer.start(after: deadline - loop.now) { isInTime.give(false) }
        defer {
            timer.stop()
            watcher.close()
        }
        return await isInTime.wait()
    }
}

/// What the connections of a pool know of a pooler before their server.
final class PoolerCheck {
    /// Whether there is none, or one that leaves a session to its client.
    var isDone = false
}

private func copy(_ text: String) -> UnsafePointer<CChar> {
    let bytes = text.utf8CString
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    bytes.withUnsafeBufferPointer { copy.initialize(from: $0.baseAddress!, count: bytes.count) }
    return UnsafePointer(copy)
}
