internal import API
internal import CacheCoordinator
internal import EventLoop
internal import HTTPServer
internal import Model
internal import Postgres
internal import RedisCache

/// Which of the things that can be observed on a loop are logged, at which level and in which words.
///
/// What a client can bring about again and again goes to a ``LimitedLog``, but for what developers ask for by the level debug.
final class Observation {
    private let log: Log
    private let limited: LimitedLog

    init(_ log: Log, on loop: EventLoop) {
        self.log = log
        limited = LimitedLog(log, on: loop)
    }

    /// Writes what is only counted so far.
    func finish() { limited.summarize() }

    func note(_ event: PostgresEvent) {
        switch event {
        case .connected(let number, let milliseconds):
            log.debug("connected to PostgreSQL", ["connection": "\(number)", "milliseconds": "\(milliseconds)"])
        case .connectFailed(let error, let pause, isFirst: true, connected: 0):
            log.error("PostgreSQL cannot be reached", ["error": "\(error)", "retry_ms": "\(pause ?? 0)"])
        case .connectFailed(let error, let pause, isFirst: true, let connected):
            log.warning(
                "PostgreSQL gives no further connection",
                ["error": "\(error)", "connected": "\(connected)", "retry_ms": "\(pause ?? 0)"])
        case .connectFailed(let error, let pause, isFirst: false, _):
            log.debug("PostgreSQL still cannot be reached", ["error": "\(error)", "retry_ms": "\(pause ?? 0)"])
        case .reachedAgain:
            log.info("PostgreSQL can be reached again")
        case .doesNotWrite(let error):
            log.error("PostgreSQL does not write", ["error": "\(error)"])
        case .disconnected(let number, let error?):
            limited.write(.warning, "the connection to PostgreSQL was lost", ["connection": "\(number)", "error": "\(error)"])
        case .disconnected(let number, nil):
            log.debug("a connection to PostgreSQL was closed", ["connection": "\(number)"])
        case .notice(let number, let severity, _, let message):
            log.debug("PostgreSQL says: \(message)", ["connection": "\(number)", "severity": severity])
        case .preparedAgain(let number, let sql):
            log.debug("a statement was prepared again", ["connection": "\(number)", "sql": sql])
        case .cancelled(let number):
            limited.write(.warning, "a statement took too long and was cancelled", ["connection": "\(number)"])
        case .statementFailed(let number, let sql, let error):
            log.debug("a statement failed", ["connection": "\(number)", "sql": sql, "error": "\(error)"])
        case .exhausted(let waiting):
            limited.write(.warning, "too many wait for PostgreSQL; requests are turned away", ["waiting": "\(waiting)"])
        case .rolledBack(let number):
            log.debug("a transaction was rolled back", ["connection": "\(number)"])
        }
    }

    func note(_ event: RedisEvent) {
        switch event {
        case .connected(let keyspace, let version):
            log.debug("connected to Redis", ["keyspace": keyspace.name, "version": version])
        case .disconnected(let failure, let pause, isFirst: true):
            log.warning("Redis cannot be used", ["error": "\(failure)", "retry_ms": "\(pause)"])
        case .disconnected(let failure, let pause, isFirst: false):
            log.debug("Redis still cannot be used", ["error": "\(failure)", "retry_ms": "\(pause)"])
        case .endedIdle:
            log.debug("Redis ended an idle connection")
        case .registrationFailed(let reason, let pause, isFirst: true):
            log.warning(
                "the cache is off until the database knows its keyspace", ["error": reason, "retry_ms": "\(pause)"])
        case .registrationFailed(let reason, let pause, isFirst: false):
            log.debug("the database still does not know the keyspace", ["error": reason, "retry_ms": "\(pause)"])
        case .holdOffBegan(let keyspace, let milliseconds):
            log.info(
                "a new keyspace: reads pass the cache by until older writers are gone",
                ["keyspace": keyspace.name, "milliseconds": "\(milliseconds)"])
        case .ready(let keyspace):
            log.info("the cache is in use", ["keyspace": keyspace.name])
        case .evictionPolicy(let hazard):
            log.warning("\(hazard)")
        case .settled(let tags):
            log.info("what changed while Redis was away is known to it now", ["tags": "\(tags)"])
        case .forgotAllTags:
            log.warning("more tags changed while Redis was away than are remembered: all were forgotten")
        case .storeRefused(let words):
            limited.write(.warning, "Redis refused an entry", ["error": words])
        }
    }

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
