/// A command that changes nothing and that only a master which takes writes accepts, and who waits for its reply.
final class FenceHandler: ReplyHandler {
    weak var connection: RedisConnection?

    /// Nothing is ever under this key.
    static func key(prefix: String) -> String { prefix + ":fence" }

    /// To write nothing into nothing makes nothing. A server whose memory is full refuses it, as it refuses the
    /// announcements of writers; a command that frees memory, such as `UNLINK`, it would accept.
    static func arguments(prefix: String) -> [RedisArgument] { ["SETRANGE", .text(key(prefix: prefix)), "0", ""] }

    static func command(prefix: String) -> [UInt8] {
        var buffer = GrowingBytes(capacity: 256)
        buffer.appendCommand(arguments(prefix: prefix))
        return [UInt8](buffer.bytes)
    }

    func received(_ reply: Reply) {
        // Not all refusals break the connection by themselves.
        if let message = reply.error { connection?.breakDown(.refused(message)) }
    }

    func failed(_ failure: RedisFailure) {}
}

/// Reports entries that were not stored. Nobody waits for them.
final class StoreHandler: ReplyHandler {
    private let observe: (RedisEvent) -> Void

    init(_ observe: @escaping (RedisEvent) -> Void) { self.observe = observe }

    func received(_ reply: Reply) {
        // What breaks the connection is told as that.
        if let message = reply.error, !ServerErrorCode.isFatal(message) { observe(.storeRefused(message)) }
    }

    func failed(_ failure: RedisFailure) {}
}
