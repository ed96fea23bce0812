public import CacheCoordinator

extension RedisBackend {
    /// Forgets all tags and all entries of the keyspace.
    ///
    /// It takes as long as Redis needs to walk through all of its keys; others are served in between.
    public func clear() async throws(CacheUnavailable) {
        let (connection, _, keys) = try open()
        let scan = KeyScan(connection: connection, keysPerStep: configuration.limits.keysPerScanStep)
        // The tags first: without them no entry is valid any more.
        for prefix in [keys.tags, keys.entries] {
            _ = try await translatingFailure { () throws(RedisFailure) in
                try await scan.run(prefix: prefix) { found throws(RedisFailure) in
                    _ = try await connection.run(["UNLINK"] + found.map { .bytes($0) })
                }
            }
        }
    }
}
