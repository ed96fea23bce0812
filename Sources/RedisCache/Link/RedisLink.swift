internal import CacheCoordinator
internal import EventLoop

/// Who uses a link.
protocol RedisLinkOwner: AnyObject {
    /// There is a new connection, whose keyspace is registered under this name.
    func linkDidConnect(_ connection: RedisConnection, to keyspace: Keyspace)
    /// The link may have become ready or unready, connected or disconnected.
    func linkDidChange()
    /// An attempt to connect or to register the keyspace failed, or the connection broke.
    func linkDidFail(_ reason: String)
    /// The turn ends: the last moment to add commands.
    func linkWillFlush(_ connection: RedisConnection)
}

/// Keeps one connection to Redis alive: connects, shakes hands, registers the keyspace, holds off, and begins again
/// when it breaks. Its ``LinkMachine`` decides; this class does what the machine says.
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

    /// What keeps the cache from being used, as far as it was observed already.
    private var observedObstacle: Obstacle?

    private enum Obstacle {
        case connection, registration
    }

    /// A server that is about full refuses, has room for a moment, and refuses again. So after a refusal use is told of
    /// only when it has lasted for so many milliseconds.
    private static let provenAfter: UInt64 = 10_000
    /// Whether the last use ended with a refusal.
    private var isDoubtful = false
    private let proof: Timer

    /// How often the registrar is asked whether another keyspace has followed the one in use, in milliseconds. It must be far
    /// less than a hold-off, which has to outlive what is announced in the old keyspace until then.
    static let confirmsEvery: UInt64 = 1_000
    private let confirmation: Timer

    /// At most so many seconds pass without a word on a connection that the server would end.
    private static let longestSilence: UInt64 = 60
    /// Keeps the connection from being idle for as long as the server would bear it.
    private let keepAlive: Timer
    /// The keyspace that was last told to be in use, unless an obstacle was told of since.
    private var toldReady: Keyspace?

    private let register: (inout Keyspace) async throws -> Int
    private let observe: (RedisEvent) -> Void
    private let timer: Timer

    init(
        _ configuration: RedisConfiguration, on loop: Loop, observe: @escaping (RedisEvent) -> Void,
        register: @escaping (inout Keyspace) async throws -> Int
    ) {
        self.configuration = configuration
        self.loop = loop
        self.observe = observe
        self.register = register
        timer = Timer(on: loop)
        proof = Timer(on: loop)
        confirmation = Timer(on: loop)
        keepAlive = Timer(on: loop)
    }

    /// Whether the cache may be read: connected, registered, and out of the hold-off.
    var isReady: Bool { if case .ready = machine.state { connection != nil } else { false } }

    func start() { handle(.start) }

    func close() {
        handle(.close)
        proof.stop()
        confirmation.stop()
        keepAlive.stop()
        let connection = connection
        self.connection = nil
        connection?.breakDown(.closed)
        owner?.linkDidChange()
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
        case .register: loop.spawn { [self] in await registerKeyspace() }
        case .wait(let milliseconds):
            timer.start(after: milliseconds) { [weak self] in
                guard let self else { return }
                handle(.waited)
                tellWhenReady()
            }
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
        observe(.connected(server.keyspace, serverVersion: server.version))
        if let hazard = server.evictionHazard, hazard != self.server?.evictionHazard { observe(.evictionPolicy(hazard)) }
        self.connection = connection
        self.server = server
        if server.idleSeconds > 0 { beginKeepAlive(of: connection, seconds: server.idleSeconds) }
        handle(.connected)
    }

    /// Asks something at half of the time after which the server ends an idle connection. (It counts whole seconds, so one of a
    /// second is as good as none.)
    private func beginKeepAlive(of connection: RedisConnection, seconds: Int) {
        let fence = FenceHandler()
        fence.connection = connection
        let command = FenceHandler.arguments(prefix: configuration.prefix)
        let silence = min(UInt64(seconds), Self.longestSilence * 2) * 500
        keepAlive.start(after: silence, repeating: true) { [weak connection] in
            if let connection, connection.hasRoom(for: 1) { connection.send(command, to: fence) }
        }
    }

    private func failed(_ failure: RedisFailure) {
        guard machine.state != .closed else { return }
        meter.counters.failures += 1
        if case .ready = machine.state { isDoubtful = if case .refused = failure { true } else { false } }
        proof.stop()
        confirmation.stop()
        keepAlive.stop()
        let action = handle(.failed)
        if failure == .endedIdle, action == .connect {
            observe(.endedIdle)
        } else {
            let retry: UInt64 = if case .wait(let milliseconds) = action { milliseconds } else { 0 }
            observe(.disconnected(failure, retryInMilliseconds: retry, isFirst: isNews(.connection)))
        }
        owner?.linkDidChange()
        owner?.linkDidFail("\(failure)")
    }

    private func isNews(_ obstacle: Obstacle) -> Bool {
        defer { observedObstacle = obstacle }
        toldReady = nil
        return observedObstacle != obstacle
    }

    // MARK: The keyspace

    private func registerKeyspace() async {
        guard let connection, let server else { return }
        let name = server.keyspace
        var keyspace = name
        let holdOff: Result<Int, any Error>
        do { holdOff = .success(try await register(&keyspace)) } catch { holdOff = .failure(error) }
        // An answer that comes after the connection broke says nothing of the next one.
        guard self.connection === connection else { return }
        switch holdOff {
        case .success(let milliseconds):
            self.server!.keyspace = keyspace
            confirm(name, of: connection)
            owner?.linkDidConnect(connection, to: keyspace)
            if handle(.registered(holdOff: UInt64(max(milliseconds, 0)))) != nil {
                observe(.holdOffBegan(keyspace, milliseconds: UInt64(milliseconds)))
            }
        case .failure(let error):
            if case .wait(let milliseconds) = handle(.registrationFailed) {
                observe(
                    .registrationFailed("\(error)", retryInMilliseconds: milliseconds, isFirst: isNews(.registration)))
            }
            owner?.linkDidFail("its keyspace is not registered in the database: \(error)")
        }
        tellWhenReady()
    }

    /// From now on asks again and again whether the keyspace may still be used: instances that were given another cache server
    /// announce their writes there.
    private func confirm(_ name: Keyspace, of connection: RedisConnection) {
        var isAsking = false
        confirmation.start(after: Self.confirmsEvery, repeating: true) { [weak self] in
            guard let self, !isAsking else { return }
            isAsking = true
            loop.spawn { [self] in
                var keyspace = name
                do { _ = try await register(&keyspace) } catch let error as SupersededKeyspace {
                    connection.breakDown(.unsuitable(error.description))
                } catch {
                    // Who cannot ask goes on: while the database is away, what is cached is served.
                }
                isAsking = false
            }
        }
    }

    private func tellWhenReady() {
        guard isReady, let server else { return }
        if isDoubtful {
            proof.start(after: Self.provenAfter) { [weak self] in self?.tellReady(server.keyspace) }
        } else {
            tellReady(server.keyspace)
        }
        owner?.linkDidChange()
    }

    private func tellReady(_ keyspace: Keyspace) {
        observedObstacle = nil
        if toldReady != keyspace { observe(.ready(keyspace)) }
        toldReady = keyspace
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
