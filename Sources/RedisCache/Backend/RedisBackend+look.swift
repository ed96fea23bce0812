public import CacheCoordinator
public import Model

extension RedisBackend: CacheBackend {
    public var keyspace: Keyspace? { (try? open())?.keys.keyspace }

    public func look(at tags: [Tag], entry key: String?) async throws(CacheUnavailable) -> CacheLook {
        let (connection, keys) = try open()
        if tags.isEmpty, key == nil { return CacheLook(keyspace: keys.keyspace, tags: [], entry: nil) }
        if gathering == nil { gathering = newBatch(on: connection) }
        let look = try await withUnsafeContinuation { gathering!.add(tags, key, keys, $0) }.get()
        // Another worker may have written meanwhile what Redis did not know of when it answered.
        guard unannounced.areSettled else { throw .unreachable }
        return look
    }

    private func newBatch(on connection: RedisConnection) -> LookBatch {
        connection.flushAtTurnEnd()
        if let spare = spareBatches.popLast() { return spare }
        let batch = LookBatch(limits: configuration.limits, meter: link.meter)
        // As many batches as round trips overlap; few.
        batch.onFinished = { [weak self] in self?.spareBatches.append($0) }
        return batch
    }

    /// Sends the looks of this turn.
    func sendLooks(on connection: RedisConnection) {
        guard let batch = gathering else { return }
        gathering = nil
        guard connection.hasRoom(for: 2) else { return batch.failed(.overloaded) }
        // A master that becomes a replica keeps its clients and its run id and goes on answering reads, from data that
        // the writers no longer touch; so does one whose memory is full, to which they cannot announce themselves. It
        // refuses this, which changes nothing, and that breaks the connection before the looks behind it are answered.
        fenceCommand.withUnsafeBytes { connection.output.append($0) }
        connection.expect(fence)
        batch.send(on: connection)
    }
}
