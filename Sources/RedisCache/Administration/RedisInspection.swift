internal import Bytes
public import CacheCoordinator
internal import Model

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
            inspection.tag = RedisInspection.TagValue(
                state: TagState(replies[1]), writers: writers(in: value, now: milliseconds(replies[0])),
                expiresIn: replies[2].number ?? 0)
        }
        if let expiry = replies[4].number, expiry != -2 {
            inspection.entry = RedisInspection.EntryValue(bytes: replies[3].number ?? 0, expiresIn: expiry)
        }
        return inspection
    }

    /// The server's time as `TIME` says it: seconds and microseconds. 0 if it says something else.
    private func milliseconds(_ time: RedisValue) -> Int {
        let parts = time.elements?.compactMap(\.number) ?? []
        guard parts.count == 2, 0..<1 << 40 ~= parts[0], 0..<1_000_000 ~= parts[1] else { return 0 }
        return parts[0] * 1000 + parts[1] / 1000
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
