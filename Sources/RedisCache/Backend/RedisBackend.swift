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
    let lease: CacheLease
    let observe: (RedisEvent) -> Void
    /// Called when ``life`` has changed.
    public var onLifeChange: () -> Void = {}

    /// The keys of the keyspace that was used last.
    private var keys: RedisKeys?
    /// The looks of this turn.
    var gathering: LookBatch?
    var spareBatches: [LookBatch] = []
    let storeHandler: StoreHandler
    /// Why there is no connection.
    private(set) var obstacle: String?

    /// Prepares a backend; ``start()`` connects it.
    ///
    /// - Parameters:
    ///   - lease: under which it reads.
    ///   - loop: the loop of the caller, on which everything happens.
    ///   - observe: told of all that happens; called on the loop.
    public init(
        _ configuration: RedisConfiguration, _ lease: CacheLease, on loop: Loop,
        observe: @escaping (RedisEvent) -> Void = { _ in }
    ) {
        loop.checkIsolated()
        self.configuration = configuration
        self.loop = loop
        self.lease = lease
        self.observe = observe
        link = RedisLink(configuration, on: loop, observe: observe)
        storeHandler = StoreHandler(observe)
        link.owner = self
    }

    /// Begins to connect, and from then on keeps a connection alive until ``close()``.
    public func start() { link.start() }

    /// Closes the connection for good. Whoever waits for a reply is told that the cache cannot be reached.
    public func close() { link.close() }

    /// What was done since the backend was made.
    public var counters: RedisCounters { link.meter.counters }

    /// The server's run id and that of its replication: a server that was started anew has another run id, and one that became
    /// master has another replication, whatever data it has.
    public var life: String? { link.connection == nil ? nil : link.server?.life }

    /// The connection to the server with this life.
    func connected(_ life: String) throws(CacheUnavailable) -> (connection: RedisConnection, scripts: LoadedScripts) {
        guard let connection = link.connection, let server = link.server else { throw .unreachable }
        guard server.life == life else { throw .closed }
        return (connection, server.scripts)
    }

    /// The connection, and the keys of the keyspace that may be used now.
    func open() throws(CacheUnavailable) -> (connection: RedisConnection, scripts: LoadedScripts, keys: RedisKeys) {
        guard link.connection != nil else { throw .unreachable }
        guard let grant = lease.grant else { throw .closed }
        let (connection, scripts) = try connected(grant.life)
        return (connection, scripts, keys(of: grant.keyspace))
    }

    func keys(of keyspace: Keyspace) -> RedisKeys {
        if let keys, keys.keyspace == keyspace { return keys }
        let new = RedisKeys(configuration.prefix, keyspace, fingerprint: configuration.fingerprint)
        keys = new
        return new
    }

    /// A lifetime for states of tags that are made now.
    var tagLifetime: Int { configuration.tagLifetime + .random(in: 0...configuration.tagLifetime / 10) }

    /// Waits until the cache can be used, for so many milliseconds at most.
    ///
    /// - Throws: why it cannot, as soon as an attempt to connect fails.
    public func waitUntilReady(milliseconds: UInt64) async throws(CacheNotReady) {
        let end = loop.now + milliseconds
        while (try? open()) == nil {
            if link.connection == nil, let obstacle { throw CacheNotReady(obstacle) }
            guard loop.now < end else {
                throw CacheNotReady("the database does not permit its use within \(milliseconds) ms; who runs may use another")
            }
            await loop.sleep(milliseconds: 5)
        }
    }
}

extension RedisBackend: RedisLinkOwner {
    func linkDidConnect(_ connection: RedisConnection) {
        obstacle = nil
        storeHandler.connection = connection
        onLifeChange()
    }

    func linkDidDisconnect(_ reason: String) {
        obstacle = reason
        gathering?.failed(link.machine.state == .closed ? .closed : .disconnected("before the look was sent"))
        gathering = nil
        onLifeChange()
    }

    func linkWillFlush(_ connection: RedisConnection) { sendLooks(on: connection) }
}
