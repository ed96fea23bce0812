public import Model

/// Where tags and entries are kept as long as the cache is not closed. Nothing of one keyspace is read in another.
public struct Keyspace: Hashable, Sendable {
    public let name: String

    public init(_ name: String) { self.name = name }
}

/// Why a cache could not do what it was asked. The store still can.
public enum CacheUnavailable: Error, Hashable, Sendable {
    /// There is no connection, or it broke.
    case unreachable
    /// The answer did not come in time.
    case timedOut
    /// The server answered with an error, in its own words.
    case refused(String)
    /// The database does not permit its use now, or not that of this server.
    case closed
}

/// The answer to one look.
public struct CacheLook: Sendable {
    public var keyspace: Keyspace
    /// The states of the tags that were asked for, in their order.
    public var tags: [TagState]
    /// What was stored under the key that was asked for.
    public var entry: [UInt8]?

    public init(keyspace: Keyspace, tags: [TagState], entry: [UInt8]?) {
        self.keyspace = keyspace
        self.tags = tags
        self.entry = entry
    }
}

/// What a reader or a writer has found out: tags that change their state, each if it is still what was looked at, and an entry that
/// is stored if all of them could.
public struct CacheFill: Sendable {
    /// A tag's state as it was looked at, and the one that takes its place.
    public struct Change: Hashable, Sendable {
        /// Whose state it is.
        public var tag: Tag
        /// As it was looked at.
        public var from: TagState
        /// What takes its place.
        public var to: TagState

        public init(_ tag: Tag, from: TagState, to: TagState) {
            self.tag = tag
            self.from = from
            self.to = to
        }
    }

    public var keyspace: Keyspace
    /// What becomes of tags.
    public var changes: [Change]
    /// Its key, its bytes, and how many milliseconds it lives.
    public var entry: (key: String, bytes: [UInt8], lifetime: Int)?

    public init(keyspace: Keyspace, changes: [Change], entry: (key: String, bytes: [UInt8], lifetime: Int)?) {
        self.keyspace = keyspace
        self.changes = changes
        self.entry = entry
    }
}

/// A row as a writer has just committed it: stored if nobody else has announced himself on its tag.
public struct WrittenValue: Sendable {
    /// Whose state it is.
    public var tag: Tag
    /// The token that its tag gets, which the entry carries.
    public var token: VersionToken
    /// The key of the entry.
    public var key: String
    /// What is stored.
    public var bytes: [UInt8]
    /// How many milliseconds it lives.
    public var lifetime: Int

    public init(tag: Tag, token: VersionToken, key: String, bytes: [UInt8], lifetime: Int) {
        self.tag = tag
        self.token = token
        self.key = key
        self.bytes = bytes
        self.lifetime = lifetime
    }
}

/// Where entries and the states of tags are kept: Redis, or this process.
///
/// A backend belongs to one worker. Its methods may be called while others are under way; what is asked for in one
/// turn of the loop travels together. It reads only while a ``CacheLease`` permits it.
public protocol CacheBackend: AnyObject {
    /// Names the life of the server that it is connected to, which another server, a restarted one or one that was a replica
    /// meanwhile does not have; nil while there is none.
    var life: String? { get }
    /// Where it reads; nil while it must not.
    var keyspace: Keyspace? { get }

    /// Reads the states of `tags`, and the entry stored under `key` if one is given, in no order among them.
    func look(at tags: [Tag], entry key: String?) async throws(CacheUnavailable) -> CacheLook

    /// Puts a placeholder on those of `tags` of which nothing is known, and returns the states of all after that.
    func place(on tags: [Tag]) async throws(CacheUnavailable) -> CacheLook

    /// Changes tags and stores an entry, without waiting for it.
    func fill(_ fill: CacheFill)

    /// Adds a writer's transaction to the marks of `tags`, atomically for each, in this keyspace of a server with this life; needs no
    /// lease. When it throws, it may be on some of them, and may yet come to others.
    func announce(_ id: UInt64, on tags: [Tag], in keyspace: Keyspace, life: String) async throws(CacheUnavailable)

    /// Stores what a writer has committed, where he is alone on a tag, without waiting for it.
    func writeThrough(_ values: [WrittenValue], by id: UInt64)

    /// Puts a new placeholder on `tags`, so that every entry which depends on one of them is invalid.
    func invalidate(_ tags: [Tag]) async throws(CacheUnavailable)

    /// Forgets all entries and all tags of the keyspace.
    func clear() async throws(CacheUnavailable)
}
