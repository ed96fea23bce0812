public import CacheCoordinator
public import EventLoop

/// The cache backend in Redis.
///
/// It belongs to the loop that it was made on. What is asked for in one turn of the loop leaves in one write; all
/// looks of a turn are one `MGET` of the distinct keys.
///
/// While Redis cannot be used, everything fails at once: nobody waits for a server that did not answer the last time.
/// A server that stops answering delays those who are waiting by one command timeout.
public final class RedisBackend {
    let loop: Loop
    let configuration: RedisConfiguration
    let link: RedisLink
    let observe: (RedisEvent) -> Void

    /// The keys of the keyspace in use, while it may be read; see ``updateOpenKeys()``.
    var openKeys: RedisKeys?
    /// The keys of the connected server, whose keyspace may be in its hold-off.
    var connectedKeys: RedisKeys?

    /// The looks of this turn.
    var gathering: LookBatch?
    var spareBatches: [LookBatch] = []
    var unsettled: UnsettledTags
    /// Those of all workers; this one is counted in it while it has ``unsettled`` tags.
    let unannounced: UnannouncedWrites
    private var isCounted = false
    var readyWaiters: [ReadyWaiter] = []

    let fence = FenceHandler()
    let fenceCommand: [UInt8]
    let storeHandler: StoreHandler

    /// Prepares a backend; ``start()`` connects it.
    ///
    /// - Parameters:
    ///   - loop: the loop of the caller, on which everything happens.
    ///   - unannounced: the one that all workers of the process share.
    ///   - observe: told of all that happens; called on the loop.
    ///   - register: called on the loop after each connect with the server's keyspace, to which it gives another name if
    ///     several databases may share the server. No key is read or written before it has answered. It returns how many
    ///     milliseconds its hold-off still lasts: none if no keyspace was ever seen before this one, as long as an
    ///     intent lives if it is new, else what is left of that time. It throws if it cannot know, and is then asked
    ///     again. It must throw ``SupersededKeyspace`` for one that was seen before and has been followed by another one: a
    ///     server that came back after others took its place still has its old tokens, which missed the writes since. It
    ///     is asked again each second for that, and what else it answers then does not matter.
    public init(
        _ configuration: RedisConfiguration, on loop: Loop, unannounced: UnannouncedWrites = UnannouncedWrites(),
        observe: @escaping (RedisEvent) -> Void = { _ in },
        register: @escaping (inout Keyspace) async throws -> Int
    ) {
        loop.checkIsolated()
        self.configuration = configuration
        self.loop = loop
        self.unannounced = unannounced
        self.observe = observe
        link = RedisLink(configuration, on: loop, observe: observe, register: register)
        fenceCommand = FenceHandler.command(prefix: configuration.prefix)
        storeHandler = StoreHandler(observe)
        unsettled = UnsettledTags(limit: configuration.limits.unsettledTags)
        link.owner = self
    }

    /// Begins to connect, and from then on keeps a connection alive until ``close()``.
    public func start() { link.start() }

    /// Closes the connection for good. Whoever waits for a reply is told that the cache cannot be reached.
    public func close() { link.close() }

    /// What was done since the backend was made.
    public var counters: RedisCounters { link.meter.counters }

    /// The connection and the keys of its keyspace, also during a hold-off.
    func connected() throws(CacheUnavailable) -> (connection: RedisConnection, keys: RedisKeys, scripts: LoadedScripts) {
        guard let connection = link.connection, let server = link.server, let connectedKeys else { throw .unreachable }
        return (connection, connectedKeys, server.scripts)
    }

    /// The same, but only while the cache may be read.
    func open() throws(CacheUnavailable) -> (connection: RedisConnection, keys: RedisKeys) {
        guard let openKeys, let connection = link.connection, unannounced.areSettled else { throw whyNotOpen }
        return (connection, openKeys)
    }

    private var whyNotOpen: CacheUnavailable {
        link.connection == nil || link.isReady ? .unreachable : .holdOff
    }

    /// Reads need a keyspace out of its hold-off, and every tag that a write touched unannounced invalidated.
    func updateOpenKeys() {
        if isCounted == unsettled.isEmpty {
            isCounted.toggle()
            if isCounted { unannounced.begin() } else { unannounced.end() }
        }
        openKeys = link.isReady && unsettled.isEmpty ? connectedKeys : nil
        if openKeys != nil { resumeReadyWaiters() }
    }

    /// A lifetime for tokens that are made now.
    var tokenLifetime: Int {
        configuration.tokenLifetime + .random(in: 0...configuration.tokenLifetime / 10)
    }
}

extension RedisBackend: RedisLinkOwner {
    func linkDidConnect(_ connection: RedisConnection, to keyspace: Keyspace) {
        connectedKeys = RedisKeys(configuration.prefix, keyspace)
        fence.connection = connection
        settle()
    }

    func linkDidChange() {
        if link.connection == nil {
            connectedKeys = nil
            gathering?.failed(link.machine.state == .closed ? .closed : .disconnected("before the look was sent"))
            gathering = nil
        }
        updateOpenKeys()
    }

    func linkDidFail(_ reason: String) {
        resumeReadyWaiters(CacheNotReady(reason))
    }

    func linkWillFlush(_ connection: RedisConnection) {
        sendLooks(on: connection)
    }
}
