internal import EventLoop

/// Who uses a link.
protocol RedisLinkOwner: AnyObject {
    func linkDidConnect(_ connection: RedisConnection)
    /// The connection broke, or an attempt to make one failed.
    func linkDidDisconnect(_ reason: String)
    /// The turn ends: the last moment to add commands.
    func linkWillFlush(_ connection: RedisConnection)
}

/// Keeps one connection to Redis alive: connects, shakes hands, and begins again when it breaks. Its ``LinkMachine``
/// decides; this class does what the machine says.
final class RedisLink {
    let loop: Loop
    let configuration: RedisConfiguration
    let meter = RedisMeter()
    weak var owner: (any RedisLinkOwner)?

    private(set) var machine = LinkMachine()
    /// The connection, once its handshake is complete.
    private(set) var connection: RedisConnection?
    /// The server behind it; or the last one.
    private(set) var server: ServerIdentity?

    /// Whether that there is no connection was told already.
    private var isFailureTold = false
    /// How often a server is asked whether it is still in the life in which it was met, in milliseconds.
    static let checksEvery: UInt64 = 1_000
    private let check: Timer

    private let observe: (RedisEvent) -> Void
    private let timer: Timer

    init(_ configuration: RedisConfiguration, on loop: Loop, observe: @escaping (RedisEvent) -> Void) {
        self.configuration = configuration
        self.loop = loop
        self.observe = observe
        timer = Timer(on: loop)
        check = Timer(on: loop)
    }

    func start() { handle(.start) }

    func close() {
        handle(.close)
        check.stop()
        let connection = connection
        self.connection = nil
        connection?.breakDown(.closed)
        owner?.linkDidDisconnect("it was closed")
    }

    /// Lets the machine decide, and does what it says.
    @discardableResult
    private func handle(_ event: LinkMachine.Event) -> LinkMachine.Action? {
        let before = machine
        let action = machine.handle(event, now: loop.now, jitter: .random(in: 0..<1))
        // An event that was ignored must not end the wait that is under way.
        guard machine != before else { return nil }
        timer.stop()
        switch action {
        case .connect: loop.spawn { [self] in await connect() }
        case .wait(let milliseconds):
            timer.start(after: milliseconds) { [weak self] in self?.handle(.waited) }
        case nil: break
        }
        return action
    }

    // MARK: Connecting

    private func connect() async {
        var connection: RedisConnection?
        do throws(RedisFailure) {
            let new = try await newConnection()
            connection = new
            let server = try await Handshake(configuration: configuration).run(on: new)
            try adopt(new, server)
        } catch {
            connection?.breakDown(error)
            failed(error)
        }
    }

    private func newConnection() async throws(RedisFailure) -> RedisConnection {
        do {
            let stream = try await Stream.connect(
                to: configuration.endpoint, on: loop, timeout: configuration.connectTimeout)
            return RedisConnection(
                stream, timeout: configuration.commandTimeout, limits: configuration.limits, meter: meter)
        } catch {
            throw .unreachable("\(error)")
        }
    }

    private func adopt(_ connection: RedisConnection, _ server: ServerIdentity) throws(RedisFailure) {
        // It may have broken, or we may have been closed, while the replies were on their way to us.
        if let failure = connection.failure { throw failure }
        guard machine.state == .connecting else { return connection.breakDown(.closed) }
        meter.counters.connects += 1
        connection.owner = self
        isFailureTold = false
        observe(.connected(life: server.life, serverVersion: server.version))
        if let hazard = server.evictionHazard, hazard != self.server?.evictionHazard { observe(.evictionPolicy(hazard)) }
        self.connection = connection
        self.server = server
        beginChecks(of: connection, server)
        handle(.connected)
        owner?.linkDidConnect(connection)
    }

    /// Asks the server for its life again and again, and at half of the time after which it ends an idle connection. (It counts
    /// whole seconds, so one of a second is as good as none.)
    private func beginChecks(of connection: RedisConnection, _ server: ServerIdentity) {
        let life = LifeCheck(connection, replication: server.replication)
        let period = server.idleSeconds > 0 ? min(UInt64(server.idleSeconds) * 500, Self.checksEvery) : Self.checksEvery
        check.start(after: period, repeating: true) { [weak connection] in
            if let connection, connection.hasRoom(for: 1) { connection.send(LifeCheck.command, to: life) }
        }
    }

    private func failed(_ failure: RedisFailure) {
        guard machine.state != .closed else { return }
        meter.counters.failures += 1
        check.stop()
        let action = handle(.failed)
        if failure == .endedIdle, action == .connect {
            observe(.endedIdle)
        } else {
            let retry: UInt64 = if case .wait(let milliseconds) = action { milliseconds } else { 0 }
            observe(.disconnected(failure, retryInMilliseconds: retry, isFirst: !isFailureTold))
            isFailureTold = true
        }
        owner?.linkDidDisconnect("\(failure)")
    }
}

extension RedisLink: RedisConnectionOwner {
    func connectionWillFlush(_ connection: RedisConnection) {
        owner?.linkWillFlush(connection)
    }

    func connection(_ connection: RedisConnection, didBreak failure: RedisFailure) {
        guard self.connection === connection else { return }
        self.connection = nil
        failed(failure)
    }
}
