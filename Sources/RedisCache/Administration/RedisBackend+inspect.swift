internal import Bytes
public import CacheCoordinator
internal import Model

extension RedisBackend {
    /// Looks up what is stored under `name`.
    public func inspect(_ name: String) async throws(CacheUnavailable) -> CacheInspection {
        let (connection, keys, _) = try connected()
        let tag = keys.tag(Tag(name))
        let entry = keys.entry(name)
        let questions: [[RedisArgument]] = [
            ["TIME"], ["GET", tag], ["PTTL", tag], ["STRLEN", entry], ["PTTL", entry],
        ]
        let replies = try await translatingFailure { () throws(RedisFailure) in try await connection.run(questions) }
        var inspection = CacheInspection(keyspace: keys.keyspace)
        if case .text(let value) = replies[1] {
            inspection.tag = CacheInspection.TagValue(
                state: TagState(replies[1]), writers: writers(in: value, now: milliseconds(replies[0])),
                expiresIn: replies[2].number ?? 0)
        }
        if let expiry = replies[4].number, expiry != -2 {
            inspection.entry = CacheInspection.EntryValue(bytes: replies[3].number ?? 0, expiresIn: expiry)
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
    private func writers(in value: [UInt8], now: Int) -> [CacheInspection.Writer] {
        guard value.first == UInt8(ascii: "!") else { return [] }
        let list = value.dropFirst().drop { $0 == UInt8(ascii: "~") }
        return list.split(separator: UInt8(ascii: ",")).compactMap { writer in
            let parts = writer.split(separator: UInt8(ascii: ":"))
            guard parts.count == 2, let name = parts[0].withUnsafeBytes({ Hexadecimal.read($0) }),
                let deadline = Int(String(decoding: parts[1], as: UTF8.self)), deadline > now
            else { return nil }
            return CacheInspection.Writer(name: VersionToken(name), expiresIn: deadline - now)
        }
    }
}
