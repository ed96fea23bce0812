/// What the store says about the cache of its rows: whether it is open, and where it is.
public struct CacheRow: Hashable, Sendable {
    /// Grows by one whenever the cache is closed or opened.
    public var epoch: UInt64
    /// Whether entries may be served.
    public var isOpen: Bool
    /// The life of the cache server in use, or of the last one; nil before the first.
    public var life: String?
    /// Where tags and entries of this epoch are: nothing that was stored in another epoch, for another database or in another
    /// history of it is read there.
    public var keyspace: Keyspace
    /// Whether the database still has the history in which the cache was opened. After a failover it has another, in which the last
    /// commits may be missing.
    public var isSameHistory: Bool

    public init(epoch: UInt64, isOpen: Bool, life: String?, keyspace: Keyspace, isSameHistory: Bool) {
        self.epoch = epoch
        self.isOpen = isOpen
        self.life = life
        self.keyspace = keyspace
        self.isSameHistory = isSameHistory
    }
}

/// One of the instances that share the cache.
public struct CacheMember: Hashable, Sendable {
    public var id: String
    /// The epoch that it obeys: it uses the cache of none before.
    public var obeys: UInt64
    /// The life of the cache server that it reaches; nil if it reaches none.
    public var life: String?
    /// How long it may use the cache after it last asked, in milliseconds.
    public var lease: UInt64
    /// Whether it was heard of lately. It decides nothing that safety hangs on.
    public var isLive: Bool

    public init(id: String, obeys: UInt64, life: String?, lease: UInt64, isLive: Bool) {
        self.id = id
        self.obeys = obeys
        self.life = life
        self.lease = lease
        self.isLive = isLive
    }
}

/// The store as those see it who share a cache of its rows: it decides whether that is open, and carries messages between them.
public protocol CacheAuthority: AnyObject {
    /// By which this process is known among the members: random, made when it starts.
    var member: String { get }
    /// Writes what this member obeys, which server it reaches and how long its lease is in milliseconds, and reads the row **after**
    /// that can be seen by all.
    func renew(obeys epoch: UInt64, life: String?, lease: UInt64) async throws -> CacheRow
    /// Forgets this member, which ends.
    func leave() async throws
    /// Reads the row.
    func row() async throws -> CacheRow
    /// All members, but for those that were forgotten.
    func members() async throws -> [CacheMember]
    /// Closes the cache, if it is open in this epoch, and tells all.
    func close(_ epoch: UInt64) async throws -> CacheRow
    /// Opens the cache, if it is closed in this epoch, on the server with this life, forgets these members, and tells all.
    func open(_ epoch: UInt64, life: String, forgetting members: [String]) async throws -> CacheRow
    /// Tells all who listen.
    func send(_ messages: [CacheMessage]) async throws
    /// Called with each message, also one's own.
    var onMessage: (CacheMessage) -> Void { get set }
    /// Called when messages may have been missed, once they are heard again.
    var onGap: () -> Void { get set }
}
