public import CacheCoordinator
internal import Domain

/// What the cache server has under one name, which may be a tag's, an entry's, or both.
public struct RedisInspection: Sendable, Hashable {
    /// A tag's state.
    public struct TagValue: Sendable, Hashable {
        public var state: TagState
        /// The writers that are announced, if the state is an intent.
        public var writers: [Writer]
        /// Milliseconds until Redis forgets it.
        public var expiresIn: Int
    }

    /// A writer that is announced on a tag.
    public struct Writer: Sendable, Hashable {
        public var name: VersionToken
        /// Milliseconds until its mark counts no more.
        public var expiresIn: Int
    }

    /// An entry.
    public struct EntryValue: Sendable, Hashable {
        /// Its length in bytes.
        public var bytes: Int
        /// Milliseconds until Redis forgets it.
        public var expiresIn: Int
    }

    public var keyspace: Keyspace
    public var tag: TagValue?
    public var entry: EntryValue?
}

extension RedisBackend {
    /// Looks up what is stored under `name`.
    public func inspect(_ name: String) async throws(CacheUnavailable) -> RedisInspection {
        let (connection, keys, _) = try connected()
        let tag = keys.tag(Tag(name))
        let entry = keys.entry(name)
        let questions: [[RedisArgument]] = [
            ["TIME"], ["GET", tag], ["PTTL", tag], ["STRLEN", entry], ["PTTL", entry],
        ]
        let replies = try await translatingFailure { () throws(RedisFailure) in try await connection.run(questions) }
        var inspection = RedisInspection(keyspace: keys.keyspace)
        if case .text(let value) = replies[1] {
            let time = replies[0].elements?.compactMap(\.number) ?? []
            let now = time.count == 2 ? time[0] * 1000 + time[1] / 1000 : 0
            inspection.tag = RedisInspection.TagValue(
                state: TagState(replies[1]), writers: writers(in: value, now: now), expiresIn: replies[2].number ?? 0)
        }
        if let expiry = replies[4].number, expiry != -2 {
            inspection.entry = RedisInspection.EntryValue(bytes: replies[3].number ?? 0, expiresIn: expiry)
        }
        return inspection
    }

    /// The writers in a mark that are alive at the server's time `now`.
    private func writers(in value: [UInt8], now: Int) -> [RedisInspection.Writer] {
        guard value.first == UInt8(ascii: "!") else { return [] }
        let list = value.dropFirst().drop { $0 == UInt8(ascii: "~") }
        return list.split(separator: UInt8(ascii: ",")).compactMap { writer in
            let parts = writer.split(separator: UInt8(ascii: ":"))
            guard parts.count == 2, let name = parts[0].withUnsafeBytes({ Hexadecimal.read($0) }),
                let deadline = Int(String(decoding: parts[1], as: UTF8.self)), deadline > now
            else { return nil }
            return RedisInspection.Writer(name: VersionToken(name), expiresIn: deadline - now)
        }
    }
}
