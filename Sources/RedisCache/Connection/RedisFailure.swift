internal import CacheCoordinator

/// Why Redis could not be used.
public enum RedisFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// No connection came about, for the reason that the operating system gave.
    case unreachable(String)
    /// The connection ended, for the reason that the operating system gave.
    case disconnected(String)
    /// The server ended the connection while nothing was asked of it.
    case endedIdle
    /// A command was not answered in time.
    case timedOut
    /// What came is not the Redis protocol.
    case malformedReply(String)
    /// A reply was larger than ``RedisLimits/replyBytes``.
    case replyTooLarge
    /// More commands wait for their replies than ``RedisLimits/waitingCommands``.
    case overloaded
    /// The server answered with an error, in its own words.
    case refused(String)
    /// The server cannot serve as the cache: it is a replica, or too old.
    case unsuitable(String)
    /// We closed the connection.
    case closed

    public var description: String {
        switch self {
        case .unreachable(let reason): "it cannot be reached: \(reason)"
        case .disconnected(let reason): "the connection ended: \(reason)"
        case .endedIdle: "it ended an idle connection"
        case .timedOut: "it did not answer in time"
        case .malformedReply(let reason): "it does not speak the Redis protocol: \(reason)"
        case .replyTooLarge: "a reply was larger than allowed"
        case .overloaded: "too many commands wait for their replies"
        case .refused(let message): "it refused: \(message)"
        case .unsuitable(let reason): reason
        case .closed: "the connection was closed"
        }
    }

    /// The same in the words of the cache protocol.
    var unavailable: CacheUnavailable {
        switch self {
        case .timedOut: .timedOut
        case .refused(let message): .refused(message)
        default: .unreachable
        }
    }
}

/// Runs `body` and says its failure in the words of the cache protocol.
func translatingFailure<Success>(
    _ body: () async throws(RedisFailure) -> Success
) async throws(CacheUnavailable) -> Success {
    do throws(RedisFailure) { return try await body() } catch { throw error.unavailable }
}

/// Errors after which the connection is given up: all that follows would fail as well, or worse, would be answered
/// by a server that is not in a state to be the cache.
enum ServerErrorCode {
    private static let fatal: Set<Substring> = [
        // It has no data yet, or not its own.
        "LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "MOVED", "ASK", "TRYAGAIN", "CROSSSLOT",
        // It takes no writes, so writers cannot announce themselves. (They can when only its memory is full.)
        "MISCONF", "NOREPLICAS", "BUSY",
        // We are nobody to it.
        "NOAUTH", "WRONGPASS",
    ]

    /// The code is the first word of the message.
    static func isFatal(_ message: String) -> Bool {
        fatal.contains(message.prefix { $0 != " " })
    }

    /// The script is not known: it was never loaded, or the server was told to forget all.
    static func isUnknownScript(_ value: RedisValue) -> Bool {
        if case .error(let message) = value { message.hasPrefix("NOSCRIPT") } else { false }
    }
}
