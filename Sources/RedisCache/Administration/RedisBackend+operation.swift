public import CacheCoordinator
public import Metrics

extension RedisBackend: OperatedBackend {
    /// The server's.
    public var name: String { "Redis" }

    /// Its URL without the password.
    public var place: String { configuration.description }

    /// What the server says of itself and our keys in it.
    public func stock() async throws(CacheUnavailable) -> CacheStock {
        let found = try await statistics()
        let limit = found.memoryLimitBytes.map { " of \($0)" } ?? ", without a limit"
        return CacheStock(
            lines: [
                ("keyspace", found.keyspace.name), ("Redis", found.serverVersion),
                ("memory", "\(found.usedMemoryBytes) bytes\(limit)"), ("eviction", found.evictionPolicy),
                ("entries", "\(found.entries)"), ("tags", "\(found.tags)"),
                ("other keys", "\(found.keysOfOtherKeyspaces) of earlier keyspaces"),
            ],
            counts: [
                ("redis_entries", found.entries), ("redis_tags", found.tags), ("redis_used_memory_bytes", found.usedMemoryBytes),
            ],
            remark: found.isComplete ? nil : "(there are more keys than are counted)")
    }

    /// Those that were not sent, and those that the server answered with an error.
    public var refusedEntries: Int { counters.storesDropped + counters.errors }

    /// The ``counters``.
    public var measured: (any Measured)? { counters }
}
