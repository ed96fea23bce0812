public import CacheCoordinator
public import Model

/// What a writer does: it announces, commits, and releases.
extension RedisBackend {
    public func announce(_ tags: [Tag], lifetime milliseconds: Int) async throws(CacheUnavailable) -> Announcement {
        let (connection, keys, scripts) = try connected()
        let writer = VersionToken.random()
        // In a hold-off the writers of the keyspace before may still commit, so nobody is alone.
        let shared = link.isReady ? "" : "~"
        let script = Script(Scripts.announce, loadedAs: scripts.announce)
        try await translatingFailure { () throws(RedisFailure) in
            _ = try await call(script, for: tags, keys, on: connection) { _ in
                [.hexadecimal(writer.value), .number(milliseconds), .text(shared)]
            }
        }
        return Announcement(keyspace: keys.keyspace, writer: writer, tags: tags)
    }

    public func release(_ announcement: Announcement) async throws(CacheUnavailable) -> [VersionToken?] {
        let (_, keys, _) = try connected()
        guard keys.keyspace == announcement.keyspace else {
            // The mark went with its keyspace. This one's hold-off lasts until all writers of that one are gone.
            return announcement.tags.map { _ in nil }
        }
        return try await renew(announcement.tags, writer: .hexadecimal(announcement.writer.value))
    }

    public func invalidate(_ tags: [Tag]) async throws(CacheUnavailable) {
        _ = try await renew(tags, writer: "-")
    }

    /// Takes `writer` out of the marks of `tags`, gives them new tokens, and returns those of the tags on which the
    /// writer was alone.
    func renew(_ tags: [Tag], writer: RedisArgument) async throws(CacheUnavailable) -> [VersionToken?] {
        let (connection, keys, scripts) = try connected()
        let tokens = tags.map { _ in VersionToken.random() }
        let lifetime = tokenLifetime
        let script = Script(Scripts.renew, loadedAs: scripts.renew)
        let replies = try await translatingFailure { () throws(RedisFailure) in
            try await call(script, for: tags, keys, on: connection) { range in
                [writer, .number(lifetime)] + tokens[range].map { .hexadecimal($0.value) }
            }
        }
        var result: [VersionToken?] = []
        result.reserveCapacity(tags.count)
        for case .text(let flags) in replies {
            for flag in flags { result.append(flag == UInt8(ascii: "1") ? tokens[result.count] : nil) }
        }
        guard result.count == tags.count else { throw .refused("it returned \(result.count) results for \(tags.count) tags") }
        return result
    }

    // MARK: Scripts

    /// A script and the name by which the server knows it.
    struct Script {
        var source: String
        var name: String

        init(_ source: String, loadedAs name: String) {
            self.source = source
            self.name = name
        }

        /// A call by name; or with the source, after which the server knows the name again.
        func call(byName: Bool, _ keys: [RedisArgument], _ arguments: [RedisArgument]) -> [RedisArgument] {
            [byName ? "EVALSHA" : "EVAL", .text(byName ? name : source), .number(keys.count)] + keys + arguments
        }
    }

    /// Calls `script` for all `tags`, so many in one call and in one round trip as the limits allow.
    ///
    /// - Parameter arguments: the script's arguments for the tags at these positions.
    /// - Returns: the replies to the calls, in the order of the tags.
    func call(
        _ script: Script, for tags: [Tag], _ keys: RedisKeys, on connection: RedisConnection,
        arguments: (Range<Int>) -> [RedisArgument]
    ) async throws(RedisFailure) -> [RedisValue] {
        let limits = configuration.limits
        var replies: [RedisValue] = []
        for start in stride(from: 0, to: tags.count, by: limits.tagsPerRoundTrip) {
            let end = min(start + limits.tagsPerRoundTrip, tags.count)
            let calls = stride(from: start, to: end, by: limits.tagsPerScript).map { first in
                let range = first..<min(first + limits.tagsPerScript, end)
                return (keys: tags[range].map(keys.tag), arguments: arguments(range))
            }
            link.meter.counters.tagsWritten += end - start
            replies += try await run(script, calls, on: connection)
        }
        return replies
    }

    /// Makes the calls of one round trip. Those that the server did not know the script for are repeated once, with it.
    private func run(
        _ script: Script, _ calls: [(keys: [RedisArgument], arguments: [RedisArgument])], on connection: RedisConnection
    ) async throws(RedisFailure) -> [RedisValue] {
        var replies = try await connection.run(calls.map { script.call(byName: true, $0.keys, $0.arguments) })
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
