public import CacheCoordinator
public import Model

extension RedisBackend {
    /// Adds a transaction to the marks of tags, with a script, also when the server's memory is full.
    public func announce(
        _ id: UInt64, on tags: [Tag], in keyspace: Keyspace, life: String
    ) async throws(CacheUnavailable) {
        let (connection, scripts) = try connected(life)
        let lifetime = tagLifetime
        _ = try await call(scripts.announce, for: tags, keys(of: keyspace), on: connection) { range in
            [.text(String(id)), .number(lifetime), .number(Mark.maximumListed)]
                + range.map { _ in .hexadecimal(VersionToken.random().value) }
        }
    }

    /// Stores what a writer has committed, with a script for each row.
    public func writeThrough(_ values: [WrittenValue], by id: UInt64) {
        guard let (connection, scripts, keys) = try? open(), connection.hasRoom(for: values.count) else { return }
        for value in values where value.bytes.count <= configuration.limits.entryBytes {
            connection.send(
                scripts.writeThrough.call(
                    [keys.tag(value.tag), keys.entry(value.key)],
                    [
                        .text(String(id)), .hexadecimal(value.token.value), .number(tagLifetime), .bytes(value.bytes),
                        .number(value.lifetime),
                    ]), to: storeHandler)
        }
    }

    /// Puts new placeholders in the place of whatever is there.
    public func invalidate(_ tags: [Tag]) async throws(CacheUnavailable) {
        let (connection, _, keys) = try open()
        let commands = tags.map { tag -> [RedisArgument] in
            ["SET", keys.tag(tag), .text(TagState.placeholder(.random()).text), "PX", .number(tagLifetime)]
        }
        let replies = try await translatingFailure { () throws(RedisFailure) in try await connection.run(commands) }
        for case .error(let message) in replies { throw .refused(message) }
    }

    /// Calls `script` for all `tags`, so many in one call and in one round trip as the limits allow.
    ///
    /// - Parameter arguments: the script's arguments for the tags at these positions.
    /// - Returns: the replies to the calls, in the order of the tags.
    func call(
        _ script: Script, for tags: [Tag], _ keys: RedisKeys, on connection: RedisConnection,
        arguments: (Range<Int>) -> [RedisArgument]
    ) async throws(CacheUnavailable) -> [RedisValue] {
        let limits = configuration.limits
        var replies: [RedisValue] = []
        for start in stride(from: 0, to: tags.count, by: limits.tagsPerRoundTrip) {
            let end = min(start + limits.tagsPerRoundTrip, tags.count)
            let calls = stride(from: start, to: end, by: limits.tagsPerScript).map { first in
                let range = first..<min(first + limits.tagsPerScript, end)
                return (keys: tags[range].map(keys.tag), arguments: arguments(range))
            }
            link.meter.counters.tagsWritten += end - start
            replies += try await translatingFailure { () throws(RedisFailure) in try await run(script, calls, on: connection) }
        }
        return replies
    }

    /// Makes the calls of one round trip. Those that the server did not know the script for are repeated once, with it.
    private func run(
        _ script: Script, _ calls: [(keys: [RedisArgument], arguments: [RedisArgument])], on connection: RedisConnection
    ) async throws(RedisFailure) -> [RedisValue] {
        var replies = try await connection.run(calls.map { script.call($0.keys, $0.arguments) })
        let unknown = replies.indices.filter { ServerErrorCode.isUnknownScript(replies[$0]) }
        if !unknown.isEmpty {
            let again = unknown.map { script.call(byName: false, calls[$0].keys, calls[$0].arguments) }
            let repeated = try await connection.run(again)
            for (index, reply) in zip(unknown, repeated) { replies[index] = reply }
        }
        for reply in replies {
            if case .error(let message) = reply { throw .refused(message) }
        }
        return replies
    }
}
