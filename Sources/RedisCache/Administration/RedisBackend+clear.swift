public import CacheCoordinator
internal import Model

extension RedisBackend {
    /// Forgets all tags and removes all entries of the keyspace. The marks of writers that are under way stay.
    ///
    /// It takes as long as Redis needs to walk through all of its keys; others are served in between.
    public func clear() async throws(CacheUnavailable) {
        // The tags first: without them no entry is valid any more.
        try await forgetTags()
        let (connection, keys, _) = try connected()
        _ = try await translatingFailure { () throws(RedisFailure) in
            try await scan(connection).run(prefix: keys.entries) { found throws(RedisFailure) in
                _ = try await connection.run(["UNLINK"] + found.map { .bytes($0) })
            }
        }
    }

    /// Removes the token of every tag of the keyspace, so that all entries are invalid. Marks stay, and whoever is in
    /// one is no longer alone.
    func forgetTags() async throws(CacheUnavailable) {
        let (connection, keys, scripts) = try connected()
        let script = Script(Scripts.renew, loadedAs: scripts.renew)
        _ = try await translatingFailure { () throws(RedisFailure) in
            try await scan(connection).run(prefix: keys.tags) { found throws(RedisFailure) in
                let tags = found.map { Tag(String(decoding: $0.dropFirst(keys.tags.count), as: UTF8.self)) }
                _ = try await call(script, for: tags, keys, on: connection) { range in
                    ["-", .number(0)] + range.map { _ in "-" }
                }
            }
        }
    }

    private func scan(_ connection: RedisConnection) -> KeyScan {
        KeyScan(connection: connection, keysPerStep: configuration.limits.keysPerScanStep)
    }
}
