internal import API
internal import EventLoop
internal import HTTPServer
internal import Model

/// Which of the things that can be observed on a loop are logged, at which level and in which words.
///
/// What a client can bring about again and again goes to a ``LimitedLog``, but for what developers ask for by the level debug.
final class Observation {
    let log: Log
    let limited: LimitedLog

    init(_ log: Log, on loop: Loop) {
        self.log = log
        limited = LimitedLog(log, on: loop)
    }

    /// Writes what is only counted so far.
    func finish() { limited.summarize() }

    /// An error of a request that its client did not cause.
    func note(_ error: any Error, of request: Request) {
        var details: KeyValuePairs<String, String> {
            let id = RequestIDs.id(of: request)
            guard let trace = TraceContext(of: request) else {
                return ["request_id": id, "method": request.methodName, "path": request.path, "error": "\(error)"]
            }
            return [
                "request_id": id, "trace_id": trace.traceID, "span_id": trace.spanID, "method": request.methodName,
                "path": request.path, "error": "\(error)",
            ]
        }
        switch error {
        // Of a store that is away or does not write the pool tells once; every request fails of it.
        case DomainError.unavailable, DomainError.unwritable: log.debug("a request failed", details)
        default: limited.write(.error, "a request failed", details)
        }
    }

    func note(_ event: ServerEvent) {
        switch event {
        case .refusedConnection: limited.write(.warning, "a connection was refused: HTTP_MAX_CONNECTIONS are open")
        case .refusedRequest(let failure): log.debug("a request was refused", ["reason": failure.reason])
        case .timedOut(let wait): log.debug("a connection was ended", ["waited_for": wait.rawValue])
        case .noRoom(let kind): log.debug("there was no room for it: HTTP_BUFFER_MB are held", ["held_for": kind.rawValue])
        case .evicted(let kind): log.debug("a client that stalled had to make room", ["held_for": kind.rawValue])
        case .abandonedRequest: log.debug("a client went away before its answer")
        }
    }
}
