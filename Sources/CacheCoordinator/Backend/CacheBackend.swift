public import Model

/// A number that stands for one state of a tag: random, never used before, gone for good when the tag changes.
///
/// Not a counter, which an evicted key would start again, and not a time, which differs between machines.
public struct VersionToken: Hashable, Sendable {
    public let value: UInt64

    public init(_ value: UInt64) { self.value = value }

    public static func random() -> VersionToken { VersionToken(.random(in: .min ... .max)) }
}

/// What the backend knows of a tag at one moment.
public enum TagState: Hashable, Sendable {
    /// It has not changed since it was given this token, and no write that touches it can commit now.
    case version(VersionToken)
    /// A write that touches it may commit at any moment: nothing of it is served or filled.
    case intent
    /// Nothing is known of it: it was never asked for, has expired, or was evicted.
    case absent
}

/// The life of one cache server. Another server, a restarted one or a promoted replica is another keyspace, and
/// nothing that was stored in one is read in another.
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
    /// In a new keyspace, until the writers of the one before are gone.
    case holdOff
}

/// The answer to one look.
public struct CacheLook: Sendable {
    public var keyspace: Keyspace
    /// The states of the tags that were asked for, in their order.
    public var tags: [TagState]
    /// What was stored under the key that was asked for, as ``CacheBackend/store(_:under:lifetime:in:)`` was given it.
    public var entry: [UInt8]?

    public init(keyspace: Keyspace, tags: [TagState], entry: [UInt8]?) {
        self.keyspace = keyspace
        self.tags = tags
        self.entry = entry
    }
}

/// A write that was announced: its mark is on each of these tags until it is released or its lifetime is over.
public struct Announcement: Sendable {
    public var keyspace: Keyspace
    /// Names the writer in the marks; random.
    public var writer: VersionToken
    public var tags: [Tag]

    public init(keyspace: Keyspace, writer: VersionToken, tags: [Tag]) {
        self.keyspace = keyspace
        self.writer = writer
        self.tags = tags
    }
}

/// Where entries, tokens and intents are kept: Redis, or this process.
///
/// A backend belongs to one worker. Its methods may be called while others are under way; what is asked for in one
/// turn of the loop travels together.
public protocol CacheBackend: AnyObject {
    /// The keyspace in use; nil while the server cannot be reached or the hold-off of a new keyspace lasts.
    var keyspace: Keyspace? { get }

    /// Reads the states of `tags`, and the entry stored under `key` if one is given, in no order among them.
    func look(at tags: [Tag], entry key: String?) async throws(CacheUnavailable) -> CacheLook

    /// Gives each of `tags` a token that has none and bears no intent, and returns their states after that: a token
    /// that somebody else created in the meantime stands.
    func createTokens(for tags: [Tag]) async throws(CacheUnavailable) -> CacheLook

    /// Stores `entry` under `key` for `lifetime` milliseconds, in `keyspace` or not at all, without waiting for it.
    func store(_ entry: [UInt8], under key: String, lifetime milliseconds: Int, in keyspace: Keyspace)

    /// Puts the intent of a new writer on `tags`, atomically for each of them, for `lifetime` milliseconds.
    ///
    /// Announcing is possible during a hold-off. When it throws, the mark may be on some of the tags.
    func announce(_ tags: [Tag], lifetime milliseconds: Int) async throws(CacheUnavailable) -> Announcement

    /// Removes the intent and gives each tag of it a new token, unless another writer's intent is still there.
    ///
    /// - Returns: for each tag of the announcement its new token if the writer was alone on it from its announcement
    ///   to now, in a keyspace that was out of its hold-off when it announced; else nil. Another writer that announced
    ///   itself or was released meanwhile ends this, and so do ``invalidate(_:)``, ``settleLater(_:lifetime:)`` and
    ///   ``clear()``.
    func release(_ announcement: Announcement) async throws(CacheUnavailable) -> [VersionToken?]

    /// Remembers the tags of a write that could not be announced and that may be committed within `lifetime`
    /// milliseconds. From now on no worker of this process reads anything until they bear an intent for the rest of that
    /// time, or, when it is over, have new tokens. No other writer that is announced on one of them is alone after that.
    func settleLater(_ tags: [Tag], lifetime milliseconds: Int)

    /// Gives `tags` new tokens, so that every entry which depends on one of them is invalid. Intents stay, but their
    /// writers are no longer alone: something changed that is not theirs.
    func invalidate(_ tags: [Tag]) async throws(CacheUnavailable)

    /// Forgets all entries and all tokens of the keyspace. Intents stay, but their writers are no longer alone.
    func clear() async throws(CacheUnavailable)
}
