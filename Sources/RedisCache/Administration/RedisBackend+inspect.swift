public import CacheCoordinator
internal import Model

extension RedisBackend {
    /// Looks up what is stored under `name`.
    public func inspect(_ name: String) async throws(CacheUnavailable) -> CacheInspection {
        let (connection, _, keys) = try open()
        let tag = keys.tag(Tag(name))
        let entry = keys.entry(name)
        let questions: [[RedisArgument]] = [["GET", tag], ["PTTL", tag], ["STRLEN", entry], ["PTTL", entry]]
        let replies = try await translatingFailure { () throws(RedisFailure) in try await connection.run(questions) }
        var inspection = CacheInspection(keyspace: keys.keyspace)
        let state = TagState(reply: replies[0])
        if state != .absent { inspection.tag = .init(state: state, expiresIn: replies[1].number ?? 0) }
        if let expiry = replies[3].number, expiry != -2 {
            inspection.entry = .init(bytes: replies[2].number ?? 0, expiresIn: expiry)
        }
        return inspection
    }
}
