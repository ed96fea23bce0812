public import EventLoop

/// A worker's connections to PostgreSQL: opened when they are needed, kept, replaced when they break.
///
/// It belongs to its loop. ``PoolMachine`` decides; this class does what it says.
public final class PostgresPool {
    /// How often deadlines are looked at, in milliseconds.
    private static let sweepInterval: UInt64 = 25

    public let loop: EventLoop
    public let configuration: PostgresConfiguration
    public let limits: PoolLimits
    private let observe: (PostgresEvent) -> Void
    let openings: TransactionOpenings
    private let counters = Counters()
    private let cancelGate = CancelGate()

    private var machine: PoolMachine
    private var connections: [PoolMachine.ConnectionID: PostgresConnection] = [:]
    private var callers: [PoolMachine.CallerID: Caller] = [:]
    private var nextCaller = 0
    private var sweeper: Timer?
    /// Why the last attempt to connect failed.
    private var lastFailure: PostgresError?
    private var opened = 0
    private var connectFailures = 0
    private var refused = 0
    private var waitedMicroseconds: UInt64 = 0

    /// Makes a pool. It connects when somebody needs a connection.
    public init(
        _ configuration: PostgresConfiguration, on loop: EventLoop, limits: PoolLimits = PoolLimits(),
        observe: @escaping (PostgresEvent) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.loop = loop
        self.limits = limits
        self.observe = observe
        openings = TransactionOpenings(configuration)
        machine = PoolMachine(limits)
    }

    deinit {
        sweeper?.stop()
    }

    public var statistics: PoolStatistics {
        var statistics = PoolStatistics()
        statistics.open = machine.connected
        statistics.idle = machine.idle
        statistics.waiting = machine.waiting
        statistics.opened = opened
        statistics.connectFailures = connectFailures
        statistics.refused = refused
        statistics.statements = counters.statements
        statistics.pipelines = counters.pipelines
        statistics.waitedMicroseconds = waitedMicroseconds
        statistics.queryMicroseconds = counters.queryMicroseconds
        return statistics
    }

    /// Why the server cannot be reached; nil while it can, and before anybody wanted to.
    public var outage: PostgresError? { machine.connected == 0 && machine.failures > 0 ? lastFailure : nil }

    /// Closes the pool: lets what runs and waits finish for up to `milliseconds`, then ends all connections.
    ///
    /// Whoever asks for a connection from now on gets ``PostgresError/Kind/closed``.
    public func close(within milliseconds: UInt64 = 5_000) async {
        let deadline = loop.now + milliseconds
        perform(machine.close(now: loop.now))
        while !machine.isClosed, loop.now < deadline { await loop.sleep(milliseconds: 5) }
        perform(machine.refuseAll(.closed))
        for connection in Array(connections.values) { connection.close() }
        sweeper?.stop()
        sweeper = nil
    }

    /// The connections that have something to do.
    var busy: [PostgresConnection] { connections.values.filter { !$0.isIdle } }

    // MARK: - Lending

    /// A connection for a caller, who has it until ``giveBack(_:)``.
    func lease(_ use: PoolMachine.Use, deadline: UInt64) async throws(PostgresError) -> Lease {
        loop.checkIsolated()
        while true {
            let number = nextCaller
            nextCaller += 1
            let actions = machine.request(number, use, deadline: deadline, now: loop.now)
            startSweeping()
            let id: PoolMachine.ConnectionID
            if actions.count == 1, case .lease(_, let granted) = actions[0] {
                id = granted
            } else {
                id = try await wait(number, actions)
            }
            // It may have ended since it was granted, or have ended unnoticed: then another one will do.
            if let connection = connections[id], connection.checkAlive() {
                connection.isExclusive = use == .exclusive
                return Lease(id: id, connection: connection)
            }
        }
    }

    private func wait(_ number: Int, _ actions: [PoolMachine.Action]) async throws(PostgresError) -> Int {
        let caller = Caller()
        callers[number] = caller
        let start = monotonicMicroseconds()
        await caller.wait { perform(actions) }
        waitedMicroseconds += monotonicMicroseconds() - start
        return try caller.outcome!.get()
    }

    /// A caller is done. If an exclusive one left a transaction open, that is rolled back first.
    func giveBack(_ lease: Lease) {
        let connection = lease.connection
        guard connection.isExclusive else { return perform(machine.finished(lease.id, now: loop.now)) }
        // Of one that ended, the machine was told.
        guard connection.isOpen else { return }
        if connection.isIdle, !connection.isInTransaction {
            return perform(machine.released(lease.id, now: loop.now))
        }
        loop.spawn { [self] in
            // A statement that is being cancelled has to end first; an empty one waits for it.
            let deadline = loop.now + configuration.cancelPatience + limits.rollbackPatience
            if !connection.isIdle { _ = try? await connection.run(Statement(.unprepared("")), deadline: deadline) }
            if connection.isInTransaction {
                observe(.rolledBack(connection: connection.id))
                _ = try? await connection.run(Statement(.unprepared("ROLLBACK")), deadline: deadline)
            }
            guard connection.isOpen else { return }
            guard connection.isIdle, !connection.isInTransaction else { return connection.close() }
            perform(machine.released(lease.id, now: loop.now))
        }
    }

    // MARK: - Doing what the machine says

    private func perform(_ actions: [PoolMachine.Action]) {
        for action in actions {
            switch action {
            case .open(let id): open(id)
            case .lease(let caller, let id): callers.removeValue(forKey: caller)?.finish(.success(id))
            case .refuse(let caller, let refusal): refuse(caller, refusal)
            case .close(let id): connections[id]?.close()
            }
        }
    }

    private func open(_ id: PoolMachine.ConnectionID) {
        loop.spawn { [self] in
            do throws(PostgresError) {
                let environment = ConnectionEnvironment(
                    observe: observe, counters: counters, cancelGate: cancelGate, sweeps: true)
                let connection = try await PostgresConnection.connect(configuration, on: loop, environment: environment)
                connection.onEnd = { [weak self] _ in self?.ended(id) }
                connection.onSettlingChange = { [weak self, unowned connection] in
                    guard let self else { return }
                    perform(machine.setHeld(id, connection.isSettling, now: loop.now))
                }
                connections[id] = connection
                opened += 1
                if machine.failures > 0 { observe(.reachedAgain) }
                perform(machine.connected(id, now: loop.now))
            } catch {
                connectFailures += 1
                lastFailure = error
                let isFirst = machine.failures == 0
                let actions = machine.connectFailed(id, now: loop.now, jitter: .random(in: 0..<1))
                observe(.connectFailed(error, retryAfter: machine.retryAt - loop.now, isFirst: isFirst))
                perform(actions)
            }
        }
    }

    private func ended(_ id: PoolMachine.ConnectionID) {
        connections[id] = nil
        perform(machine.lost(id, now: loop.now))
        startSweeping()
    }

    private func refuse(_ caller: PoolMachine.CallerID, _ refusal: PoolMachine.Refusal) {
        refused += 1
        let error =
            switch refusal {
            case .deadlineExceeded:
                PostgresError(.deadlineExceeded, "the deadline passed while waiting for a connection")
            case .exhausted:
                PostgresError(.poolExhausted, "\(limits.waiting) callers wait for a connection already")
            case .unreachable:
                PostgresError(
                    lastFailure?.kind ?? .unreachable, lastFailure?.message ?? "the server cannot be reached")
            case .closed:
                PostgresError(.closed, "the pool is closed")
            }
        if refusal == .exhausted { observe(.exhausted(waiting: machine.waiting)) }
        callers.removeValue(forKey: caller)?.finish(.failure(error))
    }

    // MARK: - Time

    /// The clock is looked at only while something happens.
    private func startSweeping() {
        guard sweeper == nil else { return }
        let timer = Timer(on: loop)
        sweeper = timer
        timer.start(after: PostgresPool.sweepInterval, repeating: true) { [weak self] in
            guard let self else { return timer.stop() }
            sweep(timer)
        }
    }

    private func sweep(_ timer: Timer) {
        let now = loop.now
        perform(machine.tick(now: now))
        for connection in Array(connections.values) { connection.sweep(now) }
        if machine.isQuiet, connections.values.allSatisfy({ $0.isIdle && !$0.isSettling }) {
            timer.stop()
            sweeper = nil
        }
    }
}

/// A connection in somebody's hands.
struct Lease {
    let id: PoolMachine.ConnectionID
    let connection: PostgresConnection
}

/// Somebody in line.
private final class Caller {
    private(set) var outcome: Result<PoolMachine.ConnectionID, PostgresError>?
    private var continuation: UnsafeContinuation<Void, Never>?

    /// Waits until ``finish(_:)``, which `start` may already call.
    func wait(start: () -> Void) async {
        await withUnsafeContinuation { continuation in
            self.continuation = continuation
            start()
        }
    }

    func finish(_ outcome: Result<PoolMachine.ConnectionID, PostgresError>) {
        self.outcome = outcome
        continuation?.resume()
        continuation = nil
    }
}
