public import CacheCoordinator

/// What an operator wants to know of the cache server.
public struct RedisStatistics: Sendable, Hashable {
    public var keyspace: Keyspace
    public var serverVersion: String
    /// Memory of the whole server, in bytes.
    public var usedMemoryBytes: Int
    /// What the server may use, in bytes; nil if it is not limited.
    public var memoryLimitBytes: Int?
    public var evictionPolicy: String
    /// Tags of this keyspace that have a token or a mark.
    public var tags = 0
    /// Entries of this keyspace, valid or not.
    public var entries = 0
    /// Keys with our prefix from the servers before this one. Nobody reads them; they expire.
    public var keysOfOtherKeyspaces = 0
    /// Whether all keys were counted; a server with more than ``RedisLimits/keysPerStatistics`` is counted in part.
    public var isComplete = true
}

extension RedisBackend {
    /// Asks the server about itself and counts our keys.
    public func statistics() async throws(CacheUnavailable) -> RedisStatistics {
        let (connection, _, keys) = try open()
        return try await translatingFailure { () throws(RedisFailure) in
            let replies = try await connection.run([["INFO", "server"], ["INFO", "memory"]])
            let server = ServerInfo(replies[0].string ?? "")
            let memory = ServerInfo(replies[1].string ?? "")
            let limit = memory["maxmemory"].flatMap { Int($0) } ?? 0
            var statistics = RedisStatistics(
                keyspace: keys.keyspace, serverVersion: server["redis_version"] ?? "unknown",
                usedMemoryBytes: memory["used_memory"].flatMap { Int($0) } ?? 0, memoryLimitBytes: limit == 0 ? nil : limit,
                evictionPolicy: memory["maxmemory_policy"] ?? "unknown")
            let scan = KeyScan(connection: connection, keysPerStep: configuration.limits.keysPerScanStep)
            let ours = [UInt8]("\(configuration.prefix):".utf8)
            statistics.isComplete = try await scan.run(prefix: ours, limit: configuration.limits.keysPerStatistics) { found in
                for key in found {
                    if key.starts(with: keys.tags) {
                        statistics.tags += 1
                    } else if key.starts(with: keys.entries) {
                        statistics.entries += 1
                    } else {
                        statistics.keysOfOtherKeyspaces += 1
                    }
                }
            }
            return statistics
        }
    }
}
