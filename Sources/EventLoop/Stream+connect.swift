internal import CLibUV

/// Where a stream connects to.
public enum Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// A name or digits, and a port.
    case tcp(host: String, port: UInt16)
    /// The path of a unix socket.
    case unix(path: String)

    public var description: String {
        switch self {
        case .tcp(let host, let port): "\(host):\(port)"
        case .unix(let path): path
        }
    }
}

extension Stream {
    /// Connects to `endpoint`, trying each of its addresses in turn.
    ///
    /// - Parameter milliseconds: the time for each address.
    /// - Throws: ``LoopError`` of the last address that was tried, ``LoopError/timedOut`` when it did not answer.
    public static func connect(
        to endpoint: Endpoint, on loop: Loop, timeout milliseconds: UInt64
    ) async throws -> Stream {
        switch endpoint {
        case .unix(let path):
            return try await attempt(UV_NAMED_PIPE, on: loop, timeout: milliseconds) { stream, request, callback in
                uv_pipe_connect(
                    request, UnsafeMutableRawPointer(stream).assumingMemoryBound(to: uv_pipe_t.self), path, callback)
                return 0
            }
        case .tcp(let host, let port):
            var failure = LoopError(UV_EAI_NONAME.rawValue)
            for address in try await loop.resolve(host, port: port) {
                do {
                    return try await attempt(UV_TCP, on: loop, timeout: milliseconds) { stream, request, callback in
                        let tcp = UnsafeMutableRawPointer(stream).assumingMemoryBound(to: uv_tcp_t.self)
                        uv_tcp_nodelay(tcp, 1)
                        return address.withPointer { uv_tcp_connect(request, tcp, $0, callback) }
                    }
                } catch let error as LoopError {
                    failure = error
                }
            }
            throw failure
        }
    }

    private typealias Start = (UnsafeMutablePointer<uv_stream_t>, UnsafeMutablePointer<uv_connect_t>, uv_connect_cb) -> Int32

    private static func attempt(
        _ kind: uv_handle_type, on loop: Loop, timeout milliseconds: UInt64, _ start: Start
    ) async throws -> Stream {
        let stream = Stream(kind, on: loop)
        let attempt = ConnectAttempt()
        let timer = Timer(on: loop)
        timer.start(after: milliseconds) { attempt.status.give(LoopError.timedOut.code) }
        attempt.request.pointee.data = Unmanaged.passRetained(attempt).toOpaque()
        let refusal = start(stream.handle, attempt.request) { request, status in
            Unmanaged<ConnectAttempt>.fromOpaque(request!.pointee.data).takeRetainedValue().status.give(status)
        }
        if refusal < 0 {
            Unmanaged.passUnretained(attempt).release()
            attempt.status.give(refusal)
        }
        let status = await attempt.status.wait()
        timer.stop()
        if status < 0 {
            stream.close()
            throw LoopError(status)
        }
        return stream
    }
}

/// One attempt, which ends once: connected, refused or too late.
private final class ConnectAttempt {
    let request = UnsafeMutablePointer<uv_connect_t>.allocate(capacity: 1)
    let status = Promise<Int32>()

    deinit {
        request.deallocate()
    }
}
