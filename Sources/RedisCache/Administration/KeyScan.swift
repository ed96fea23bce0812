internal import CacheCoordinator
internal import Model

/// Visits the keys of the database step by step, so that Redis serves others in between. Keys that exist from the
/// beginning to the end are visited at least once.
struct KeyScan {
    let connection: RedisConnection
    let keysPerStep: Int

    /// Calls `visit` with the keys that begin with `prefix`.
    ///
    /// - Parameter limit: after so many keys of the database it stops.
    /// - Returns: whether all keys were visited.
    @discardableResult
    func run(
        prefix: [UInt8], limit: Int = .max, visit: ([[UInt8]]) async throws(RedisFailure) -> Void
    ) async throws(RedisFailure) -> Bool {
        let pattern = RedisArgument.bytes(Self.escaped(prefix) + [UInt8(ascii: "*")])
        var cursor = "0"
        var visited = 0
        repeat {
            guard visited < limit else { return false }
            let reply = try await connection.run(["SCAN", .text(cursor), "MATCH", pattern, "COUNT", .number(keysPerStep)])
            guard let parts = reply.elements, parts.count == 2, let next = parts[0].string, let keys = parts[1].elements else {
                throw .malformedReply("SCAN did not return a cursor and keys")
            }
            let found = keys.compactMap { if case .text(let bytes) = $0 { bytes } else { nil } }
            if !found.isEmpty { try await visit(found) }
            cursor = next
            visited += keysPerStep
        } while cursor != "0"
        return true
    }

    /// Takes their meaning from the characters that have one in a pattern.
    private static func escaped(_ prefix: [UInt8]) -> [UInt8] {
        prefix.flatMap { byte in #"*?[]\^-"#.utf8.contains(byte) ? [UInt8(ascii: "\\"), byte] : [byte] }
    }
}
