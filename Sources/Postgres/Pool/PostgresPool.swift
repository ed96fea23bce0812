public import EventLoop

/// A worker's connections to PostgreSQL: opened when they are needed, kept, replaced when they break.
///
/// It belongs to its loop. ``PoolMachine`` decides; this class does what it says.
public final class PostgresPool {
    /// How often deadlines are looked at, in milliseconds.
    private static let sweepInterval: UInt64 = 25
    /// The same while nothing happens.
    private static let restInterval: UInt64 = 500

    /// The loop that it belongs to.
    public let loop: Loop
    /// Where its connections lead.
    public let configuration: PostgresConfiguration
    /// How much it may hold, and how long it waits for what.
    public let limits: PoolLimits
    private let observe: (PostgresEvent) -> Void
    let openings: TransactionOpenings
    private let counters = Counters()
    private let cancelGate = CancelGate()
    private let poolers = PoolerCheck()
    private let shortage: ConnectionShortage

    private var machine: PoolMachine
    private var connections: [PoolMachine.ConnectionID: PostgresConnection] = [:]
    /// Those in line, each with what it will get.
    private var callers: [PoolMachine.CallerID: Promise<Result<PoolMachine.ConnectionID, PostgresError>>] = [:]
    private var nextCaller = 0
    /// Runs every ``pace`` milliseconds; not at all if that is nil.
    private var clock: Timer?
    private var pace: UInt64?
    /// Why the last attempt to connect failed.
    private var lastFailure: PostgresError?
    /// Whether the others of the process know that there is no connection to be had.
    private var isShort = false
    /// The last refusal to write that was the server's own fault, and when it was.
    private var lastRefusal: (error: PostgresError, time: UInt64)?
    /// What the pool itself has done; the rest of the statistics is asked for.
    private var done = PoolStatistics()

    /// Makes a pool. It connects when somebody needs a connection.
    ///
    /// - Parameter shortage: what it shares with the other pools of the process that have the same server.
    public init(
        _ configuration: PostgresConfiguration, on loop: Loop, limits: PoolLimits = PoolLimits(),
        shortage: ConnectionShortage = ConnectionShortage(), observe: @escaping (PostgresEvent) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.loop = loop
        self.limits = limits
        self.shortage = shortage
        self.observe = observe
        openings = TransactionOpenings(configuration)
        machine = PoolMachine(limits)
    }

    deinit {
        clock?.stop()
        if isShort { shortage.end() }
    }

    /// What it has now, and has done since it was made.
    public var statistics: PoolStatistics {
        var statistics = done
        statistics.open = machine.connected
        statistics.idle = machine.idle
        statistics.waiting = machine.waiting
        statistics.statements = counters.statements
        statistics.pipelines = counters.pipelines
        statistics.queryMicroseconds = counters.queryMicroseconds
        return statistics
    }

    /// Why the server cannot be reached; nil while it can, and before anybody wanted to.
    public var outage: PostgresError? { machine.connected == 0 && machine.failures > 0 ? lastFailure : nil }

    /// Why the server cannot be used: it cannot be reached, or within the last ``PoolLimits/troubleMemory`` it refused to
    /// write for a reason of its own. nil if there is nothing to tell.
    ///
    /// A write that succeeds tells little, because a full disk has room for a row here and there. And without writes, which a
    /// balancer may send elsewhere, nobody would notice its end. So time ends it.
    public var trouble: PostgresError? {
        if let outage { return outage }
        guard let lastRefusal, loop.now < lastRefusal.time + limits.troubleMemory else { return nil }
        return lastRefusal.error
    }

    /// Closes the pool: lets what runs and waits finish for up to `milliseconds`, then ends all connections.
    ///
    /// Whoever asks for a connection from now on gets ``PostgresError/Kind/closed``.
    public func close(within milliseconds: UInt64 = 5_000) async {
        let deadline = loop.now + milliseconds
        perform(machine.close(now: loop.now))
        while !machine.isClosed, loop.now < deadline { await loop.sleep(milliseconds: 5) }
        perform(machine.refuseAll(.closed))
        for connection in Array(connections.values) { connection.close() }
        lookAtClock(every: nil)
        if isShort { shortage.end() }
        isShort = false
    }

    /// Ends what runs, as Ctrl-C of a command has to: what the server works on is cancelled, and nothing new begins.
    public func interrupt() async {
        perform(machine.close(now: loop.now))
        perform(machine.refuseAll(.closed))
        for connection in busy { await connection.cancelRunning() }
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
                // Before anything is awaited: it may be granted one as soon as the machine knows of it.
                let promise = Promise<Result<PoolMachine.ConnectionID, PostgresError>>()
                callers[number] = promise
                perform(actions)
                let start = SystemClock.monotonic
                defer { done.waitedMicroseconds += (SystemClock.monotonic - start) / 1_000 }
                id = try await promise.wait().get()
            }
            // It may have ended since it was granted, or have ended unnoticed: then another one will do.
            if let connection = connections[id], connection.checkAlive() {
                connection.isExclusive = use == .exclusive
                return Lease(id: id, connection: connection)
            }
        }
    }

    /// The server refused to write, for a reason of its own.
    func doesNotWrite(_ reason: PostgresError) {
        if trouble == nil { observe(.doesNotWrite(reason)) }
        lastRefusal = (reason, loop.now)
    }

    /// A caller is done, after a failure of it. What one met that only read, as a sort for which the disk has no room, says nothing
    /// of writes.
    func giveBack(_ lease: Lease, after failure: PostgresError, _ access: Access) {
        if access == .readWrite, failure.isServersOwnFault {
            doesNotWrite(failure)
            // Another session may meet another server, or be refused at once.
            if failure.sqlState == .readOnlyTransaction { lease.connection.end(failure) }
        }
        giveBack(lease)
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
            case .lease(let caller, let id): callers.removeValue(forKey: caller)?.give(.success(id))
            case .refuse(let caller, let refusal): refuse(caller, refusal)
            case .close(let id): connections[id]?.close()
            }
        }
    }

    private func open(_ id: PoolMachine.ConnectionID) {
        loop.spawn { [self] in
            do throws(PostgresError) {
                let environment = ConnectionEnvironment(
                    observe: observe, counters: counters, cancelGate: cancelGate, poolers: poolers, isPool: true)
                let connection = try await PostgresConnection.connect(configuration, on: loop, environment: environment)
                connection.onEnd = { [weak self] _ in self?.ended(id) }
                connection.onSettlingChange = { [weak self, unowned connection] in
                    guard let self else { return }
                    perform(machine.setHeld(id, connection.isSettling, now: loop.now))
                }
                connections[id] = connection
                done.opened += 1
                if machine.failures > 0, machine.connected == 0 { observe(.reachedAgain) }
                // It takes writes, or it would not have been connected to.
                if lastRefusal?.error.sqlState == .readOnlyTransaction { lastRefusal = nil }
                perform(machine.connected(id, now: loop.now))
                tellOthers()
            } catch {
                done.connectFailures += 1
                lastFailure = error
                let isFirst = machine.failures == 0
                let actions = machine.connectFailed(id, now: loop.now, jitter: .random(in: 0..<1))
                observe(
                    .connectFailed(
                        error, retryAfter: machine.retryAt - loop.now, isFirst: isFirst, connected: machine.connected))
                perform(actions)
                tellOthers()
            }
        }
    }

    private func ended(_ id: PoolMachine.ConnectionID) {
        connections[id] = nil
        perform(machine.lost(id, now: loop.now))
        startSweeping()
    }

    /// Whether there is no connection to be had, and others have them.
    private func tellOthers() {
        let isShort = outage?.sqlState == .tooManyConnections
        guard isShort != self.isShort else { return }
        self.isShort = isShort
        isShort ? shortage.begin() : shortage.end()
    }

    private func refuse(_ caller: PoolMachine.CallerID, _ refusal: PoolMachine.Refusal) {
        done.refused += 1
        let error = refusal.error(waiting: limits.waiting, lastFailure)
        if refusal == .exhausted { observe(.exhausted(waiting: machine.waiting)) }
        callers.removeValue(forKey: caller)?.give(.failure(error))
    }

    // MARK: - Time

    /// Something happens: the clock is looked at closely.
    private func startSweeping() { lookAtClock(every: Self.sweepInterval) }

    private func lookAtClock(every pace: UInt64?) {
        guard pace != self.pace else { return }
        self.pace = pace
        clock?.stop()
        guard let pace else { return }
        let timer = clock ?? Timer(on: loop)
        clock = timer
        timer.start(after: pace, repeating: true) { [weak self] in self?.sweep() }
    }

    private func sweep() {
        let now = loop.now
        perform(machine.tick(now: now, isSharing: shortage.isThere && !isShort))
        for connection in Array(connections.values) { connection.sweep(now) }
        guard machine.isQuiet, connections.values.allSatisfy({ $0.isIdle && !$0.isSettling }) else { return }
        // Nothing happens, but connections are not kept for ever, nor from a pool that has none.
        lookAtClock(every: machine.connected > 0 ? Self.restInterval : nil)
    }
}
