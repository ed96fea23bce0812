public import CacheCoordinator
public import Model

/// What a reader does that found nothing: it takes tokens, loads, and stores.
extension RedisBackend {
    public func createTokens(for tags: [Tag]) async throws(CacheUnavailable) -> CacheLook {
        let (connection, keys) = try open()
        var states = try await takeTokens(for: tags, keys, on: connection)
        let foreign = states.indices.filter { states[$0] == .absent }
        if !foreign.isEmpty {
            // Their keys hold what we never write. A script replaces it, unless a writer has announced itself meanwhile.
            link.meter.counters.tagsReplaced += foreign.count
            let tags = foreign.map { tags[$0] }
            try await invalidate(tags)
            let replaced = try await takeTokens(for: tags, keys, on: connection)
            for (index, state) in zip(foreign, replaced) { states[index] = state }
        }
        return CacheLook(keyspace: keys.keyspace, tags: states, entry: nil)
    }

    /// Gives each of `tags` a token whose key has no value. The states after that; absent where the key holds neither
    /// token nor mark.
    private func takeTokens(
        for tags: [Tag], _ keys: RedisKeys, on connection: RedisConnection
    ) async throws(CacheUnavailable) -> [TagState] {
        let tokens = tags.map { _ in VersionToken.random() }
        let lifetime = tokenLifetime
        let commands = zip(tags, tokens).map { (tag, token) -> [RedisArgument] in
            // What is there stands and is returned, be it a token or a mark; else ours is there now.
            ["SET", keys.tag(tag), .hexadecimal(token.value), "NX", "GET", "PX", .number(lifetime)]
        }
        let replies = try await translatingFailure { () throws(RedisFailure) in try await connection.run(commands) }
        var states: [TagState] = []
        states.reserveCapacity(tags.count)
        for (reply, token) in zip(replies, tokens) {
            switch reply {
            case .nothing: states.append(.version(token))
            case .error(let message) where ServerErrorCode.isWrongType(message): states.append(.absent)
            case .error(let message): throw .refused(message)
            default: states.append(TagState(reply))
            }
        }
        return states
    }

    /// A reader that began inside a hold-off has seen no keyspace (``look(at:entry:)`` threw), so that it cannot call
    /// this: it never fills after the hold-off what it loaded before its end.
    public func store(_ entry: [UInt8], under key: String, lifetime milliseconds: Int, in keyspace: Keyspace) {
        guard let (connection, keys) = try? open(), keys.keyspace == keyspace, milliseconds > 0,
            entry.count <= configuration.limits.entryBytes, connection.hasRoom(for: 1),
            connection.unsentBytes + entry.count <= configuration.limits.unsentBytes
        else {
            link.meter.counters.storesDropped += 1
            return
        }
        link.meter.counters.stores += 1
        connection.send(["SET", keys.entry(key), .bytes(entry), "PX", .number(milliseconds)], to: storeHandler)
    }
}
