internal import CacheCoordinator
internal import Model

/// The names of the keys of one keyspace: `prefix:keyspace:t:tag`, and `prefix:keyspace:fingerprint:e:entry` with the fingerprint of what
/// entries are made of.
///
/// Each stands alone: nothing relies on two keys being on one server.
final class RedisKeys {
    let keyspace: Keyspace
    let tags: [UInt8]
    let entries: [UInt8]

    init(_ prefix: String, _ keyspace: Keyspace, fingerprint: String) {
        self.keyspace = keyspace
        tags = [UInt8]("\(prefix):\(keyspace.name):t:".utf8)
        entries = [UInt8]("\(prefix):\(keyspace.name):\(fingerprint):e:".utf8)
    }

    func tag(_ tag: Tag) -> RedisArgument { .key(prefix: tags, name: tag.name) }
    func entry(_ key: String) -> RedisArgument { .key(prefix: entries, name: key) }
}
