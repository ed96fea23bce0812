internal import CLibPQ
public import EventLoop

extension PostgresConnection {
    /// Connects, without blocking the loop: to the first of the configured hosts that will do.
    ///
    /// - Throws: ``PostgresError/Kind/unreachable`` with what the last host that was tried said.
    public static func connect(
        _ configuration: PostgresConfiguration, on loop: EventLoop,
        observe: @escaping (PostgresEvent) -> Void = { _ in }
    ) async throws(PostgresError) -> PostgresConnection {
        try await connect(configuration, on: loop, environment: ConnectionEnvironment(observe: observe))
    }

    static func connect(
        _ configuration: PostgresConfiguration, on loop: EventLoop, environment: ConnectionEnvironment
    ) async throws(PostgresError) -> PostgresConnection {
        let start = loop.now
        var failure = PostgresError(.unreachable, "no host is named in the connection string")
        for target in await ConnectTarget.all(of: configuration, on: loop) {
            switch target {
            case .unresolved(let host, let reason):
                failure = PostgresError(.unreachable, "the name \(host) cannot be resolved: \(reason)")
            case .resolved(let parameters):
                do throws(PostgresError) {
                    let handle = try await Handshake(parameters, on: loop).finish(configuration)
                    // From now on the handle is the connection's: it goes with it, whatever happens.
                    let connection = PostgresConnection(
                        handle, on: loop, configuration: configuration, environment: environment)
                    try connection.checkSession()
                    try connection.start()
                    connection.keepNotices()
                    environment.observe(.connected(connection: connection.id, milliseconds: loop.now - start))
                    return connection
                } catch {
                    failure = error
                }
            }
        }
        throw failure
    }

    /// `PGTZ` and `PGDATESTYLE` in the environment win over what is asked for, and times would be read wrongly.
    private func checkSession() throws(PostgresError) {
        for (name, isRight): (String, (String) -> Bool) in [
            ("client_encoding", { $0 == "UTF8" }),
            ("DateStyle", { $0.hasPrefix("ISO") }),
            ("TimeZone", { ["UTC", "Etc/UTC", "GMT"].contains($0) }),
        ] {
            guard let value = PQparameterStatus(handle, name).map({ String(cString: $0) }), !isRight(value) else { continue }
            throw PostgresError(
                .invalidConfiguration,
                "the session has \(name) \(value); unset PGTZ, PGDATESTYLE and PGCLIENTENCODING in the environment")
        }
    }

    /// Keeps what the server says on its own account until ``takeNotices()``. libpq would print it.
    private func keepNotices() {
        PQsetNoticeReceiver(
            handle,
            { context, result in
                guard let context, let result else { return }
                let connection = Unmanaged<PostgresConnection>.fromOpaque(context).takeUnretainedValue()
                connection.notices.append(PostgresError(result, hasParameters: false))
            },
            // Unretained: libpq calls it while it handles input of this very connection.
            Unmanaged.passUnretained(self).toOpaque())
    }
}

/// libpq's way from nothing to an established connection, step by step as the socket becomes ready.
private final class Handshake {
    private let loop: EventLoop
    private let handle: OpaquePointer?

    init(_ parameters: [String: String], on loop: EventLoop) {
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
    }

    /// - Returns: the `PGconn`, which is the caller's.
    func finish(_ configuration: PostgresConfiguration) async throws(PostgresError) -> OpaquePointer {
        guard let handle else { throw PostgresError(.unreachable, "out of memory") }
        PQsetNoticeReceiver(handle, { _, _ in }, nil)
        let deadline = loop.now + configuration.connectTimeout
        do throws(PostgresError) {
            try await establish(handle, before: deadline)
            try await limit(handle, configuration, before: deadline)
            return handle
        } catch {
            PQfinish(handle)
            throw loop.now < deadline
                ? error : PostgresError(.unreachable, "the server did not answer within \(configuration.connectTimeout) ms")
        }
    }

    private func establish(_ handle: OpaquePointer, before deadline: UInt64) async throws(PostgresError) {
        var interest = DescriptorWatcher.Interest.writable
        while PQstatus(handle) != CONNECTION_BAD, await isReady(handle, for: interest, before: deadline) {
            switch PQconnectPoll(handle) {
            case PGRES_POLLING_READING: interest = .readable
            case PGRES_POLLING_WRITING: interest = .writable
            case PGRES_POLLING_OK: return
            default: throw PostgresError(.unreachable, connection: handle)
            }
        }
        throw PostgresError(.unreachable, connection: handle)
    }

    /// Sets the limits by which the server ends a write, because an intent in the cache has to outlive it.
    ///
    /// As options of the connection they could be overruled by others there, and a pooler may drop them.
    private func limit(
        _ handle: OpaquePointer, _ configuration: PostgresConfiguration, before deadline: UInt64
    ) async throws(PostgresError) {
        let script = """
            SET statement_timeout = \(configuration.readTimeout); \
            SET idle_in_transaction_session_timeout = \(configuration.writeTimeout)
            """
        guard PQsendQuery(handle, script) == 1 else { throw PostgresError(.unreachable, connection: handle) }
        while true {
            while PQisBusy(handle) == 1 {
                guard await isReady(handle, for: .readable, before: deadline), PQconsumeInput(handle) == 1 else {
                    throw PostgresError(.unreachable, connection: handle)
                }
            }
            guard let result = PQgetResult(handle) else { return }
            defer { PQclear(result) }
            guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw PostgresError(.unreachable, connection: handle) }
        }
    }

    /// - Returns: false when it is too late.
    ///
    /// The watcher lives from one step to the next: in each, libpq may close its descriptor and open another, which
    /// may bear the same number.
    private func isReady(
        _ handle: OpaquePointer, for interest: DescriptorWatcher.Interest, before deadline: UInt64
    ) async -> Bool {
        guard deadline > loop.now, let watcher = try? DescriptorWatcher(PQsocket(handle), on: loop) else { return false }
        let timer = Timer(on: loop)
        var isInTime = true
        await withUnsafeContinuation { continuation in
            watcher.watch(interest) { _ in
                timer.stop()
                watcher.close()
                continuation.resume()
            }
            timer.start(after: deadline - loop.now) {
                isInTime = false
                watcher.close()
                continuation.resume()
            }
        }
        return isInTime
    }
}

private func copy(_ text: String) -> UnsafePointer<CChar> {
    let bytes = text.utf8CString
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    bytes.withUnsafeBufferPointer { copy.initialize(from: $0.baseAddress!, count: bytes.count) }
    return UnsafePointer(copy)
}
