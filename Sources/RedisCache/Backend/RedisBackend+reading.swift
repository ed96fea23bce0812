public import CacheCoordinator
public import Model

extension RedisBackend: CacheBackend {
    /// That of the lease, if it is on the server that is connected.
    public var keyspace: Keyspace? { (try? open())?.keys.keyspace }

    /// Reads states and an entry, with one `MGET` for all who ask in this turn of the loop.
    public func look(at tags: [Tag], entry key: String?) async throws(CacheUnavailable) -> CacheLook {
        if tags.isEmpty, key == nil { return CacheLook(keyspace: try open().keys.keyspace, tags: [], entry: nil) }
        if gathering == nil {
            let (connection, _, keys) = try open()
            gathering = newBatch(keys, on: connection)
        }
        return try await withUnsafeContinuation { gathering!.add(tags, key, $0) }.get()
    }

    private func newBatch(_ keys: RedisKeys, on connection: RedisConnection) -> LookBatch {
        connection.flushAtTurnEnd()
        let batch = spareBatches.popLast() ?? LookBatch(limits: configuration.limits, meter: link.meter)
        // As many batches as round trips overlap; few.
        batch.begin(keys) { [weak self] in self?.spareBatches.append($0) }
        return batch
    }

    /// Sends the looks of this turn, if the cache may be used now that all of its requests are there.
    func sendLooks(on connection: RedisConnection) {
        guard let batch = gathering else { return }
        gathering = nil
        guard let open = try? open(), open.keys === batch.keys else { return batch.refuse(.closed) }
        guard connection.hasRoom(for: 1) else { return batch.failed(.overloaded) }
        batch.send(on: connection)
    }

    /// Puts placeholders, with a script.
    public func place(on tags: [Tag]) async throws(CacheUnavailable) -> CacheLook {
        let (connection, scripts, keys) = try open()
        let lifetime = tagLifetime
        let replies = try await call(scripts.place, for: tags, keys, on: connection) { range in
            [.number(lifetime)] + range.map { _ in .text(TagState.placeholder(.random()).text) }
        }
        let states = replies.flatMap { ($0.elements ?? []).map(TagState.init(reply:)) }
        guard states.count == tags.count else { throw .refused("it returned \(states.count) states of \(tags.count) tags") }
        return CacheLook(keyspace: keys.keyspace, tags: states, entry: nil)
    }

    /// What is in another keyspace by now, too large, or too much, is dropped.
    public func fill(_ fill: CacheFill) {
        guard let (connection, scripts, keys) = try? open(), keys.keyspace == fill.keyspace, connection.hasRoom(for: 1) else {
            return drop(fill)
        }
        var entry = fill.entry
        if let (_, bytes, lifetime) = entry {
            let isTooMuch =
                bytes.count > configuration.limits.entryBytes
                || connection.unsentBytes + bytes.count > configuration.limits.unsentBytes
            if lifetime <= 0 || isTooMuch {
                drop(fill)
                entry = nil
            }
        }
        if entry != nil { link.meter.counters.stores += 1 }
        if fill.changes.isEmpty {
            guard let entry else { return }
            connection.send(
                ["SET", keys.entry(entry.key), .bytes(entry.bytes), "PX", .number(entry.lifetime)], to: storeHandler)
        } else {
            let names = fill.changes.map { keys.tag($0.tag) } + (entry.map { [keys.entry($0.key)] } ?? [])
            var arguments: [RedisArgument] = [
                .number(tagLifetime), .bytes(entry?.bytes ?? []), .number(entry?.lifetime ?? 0),
            ]
            for change in fill.changes { arguments += [.text(change.from.text), .text(change.to.text)] }
            connection.send(scripts.fill.call(names, arguments), to: storeHandler)
        }
    }

    private func drop(_ fill: CacheFill) {
        if fill.entry != nil { link.meter.counters.storesDropped += 1 }
    }
}

extension TagState {
    /// What was not written by us says nothing of the tag.
    init(reply: RedisValue) {
        guard case .text(let bytes) = reply else {
            self = .absent
            return
        }
        self = bytes.withUnsafeBytes { TagState(text: $0) } ?? .absent
    }
}
