/// Takes the replies to what nobody waits for.
final class StoreHandler: ReplyHandler {
    weak var connection: RedisConnection?
    private let observe: (RedisEvent) -> Void

    init(_ observe: @escaping (RedisEvent) -> Void) { self.observe = observe }

    func received(_ reply: Reply) {
        guard let message = reply.error else { return }
        if ServerErrorCode.isUnknownScript(.error(message)) {
            // Somebody told the server to forget all scripts. It is told them again.
            for source in LoadedScripts.sources { connection?.send(["SCRIPT", "LOAD", .text(source)], to: self) }
        } else if !ServerErrorCode.isFatal(message) {
            // What breaks the connection is told as that.
            observe(.storeRefused(message))
        }
    }

    func failed(_ failure: RedisFailure) {}
}

/// Asks the server again whether it is still in the life in which it was met. A master that was a replica meanwhile may have lost
/// what it knew, and kept its connections.
final class LifeCheck: ReplyHandler {
    static let command: [RedisArgument] = ["INFO", "replication"]
    private weak var connection: RedisConnection?
    private let replication: String

    /// - Parameter replication: the id of the replication as the server had it.
    init(_ connection: RedisConnection, replication: String) {
        self.connection = connection
        self.replication = replication
    }

    func received(_ reply: Reply) {
        let info = ServerInfo(reply.copied().string ?? "")
        guard info["role"] == "master", info["master_replid"] == replication else {
            connection?.breakDown(.unsuitable("its role changed: it may have lost what it knew"))
            return
        }
    }

    func failed(_ failure: RedisFailure) {}
}
