internal import Bytes
internal import CLibPQ
public import EventLoop
internal import Synchronization

/// One session of a PostgreSQL server, in libpq's pipeline mode.
///
/// Runs may be asked for while others are under way: they are answered in their order. What is asked for in one turn
/// of the loop is sent at its end. It belongs to its loop.
public final class PostgresConnection {
    private static let numbers = Atomic<Int>(1)

    /// Its number within the process.
    public let id = numbers.add(1, ordering: .relaxed).oldValue
    public let loop: Loop
    let configuration: PostgresConfiguration
    let observe: (PostgresEvent) -> Void
    let counters: Counters
    let cancelGate: CancelGate

    /// The `PGconn`; not to be used after ``ending`` is set.
    let handle: OpaquePointer
    /// libpq closes its descriptor when the connection breaks, and then no longer tells which it was.
    let descriptor: Int32
    var watcher: DescriptorWatcher?
    /// What the watcher waits for.
    var watched: DescriptorWatcher.Interest = []

    /// What was asked for and not sent yet.
    var unsent = FIFO<Run>()
    /// Whether the end of this turn will send what is unsent.
    var isGathering = false
    /// What was sent, oldest first; the server works on the first.
    var inFlight = FIFO<Flight>()
    /// The script that runs, in which case nothing is in flight.
    var script: Run?
    var prepared: PreparedStatements
    /// Where parameters are laid out for libpq.
    var scratch = ParameterBuffer()

    /// How many cancels it has asked for.
    var cancels = 0
    /// Whether the last of them is under way, and for which flight or script it was.
    var isCancelling = false
    weak var cancelled: AnyObject?
    /// Since when it makes no progress towards the end of a statement that nobody waits for any more.
    var settlingSince: UInt64?
    /// Whether its user keeps a transaction open on it, and so shares it with nobody.
    var isExclusive = false
    var ownSweeper: Timer?
    /// When its last answer was complete.
    var lastAnswer: UInt64

    /// What the server said on its own account. It is told later than it is heard, because an observer that closed the
    /// connection would do so in the middle of libpq's work on it.
    var notices: [PostgresError] = []

    /// Why it is of no use any more.
    private(set) var ending: PostgresError?

    /// Called for each notification of a channel that this session listens to.
    public var onNotification: (PostgresNotification) -> Void = { _ in }
    /// Called once when the connection ends: with nil when its owner closed it.
    public var onEnd: (PostgresError?) -> Void = { _ in }
    /// Called when ``isSettling`` changed.
    var onSettlingChange: () -> Void = {}
    /// Whether deadlines are looked after by a pool.
    let isSwept: Bool

    /// Takes over a connection that libpq has established. It is of use after ``start()``.
    init(
        _ handle: OpaquePointer, on loop: Loop, configuration: PostgresConfiguration,
        environment: ConnectionEnvironment
    ) {
        self.handle = handle
        self.loop = loop
        self.configuration = configuration
        observe = environment.observe
        counters = environment.counters
        cancelGate = environment.cancelGate
        isSwept = environment.sweeps
        descriptor = PQsocket(handle)
        prepared = PreparedStatements(
            limit: configuration.preparedStatements, prefix: "larder_\(String(UInt64.random(in: .min ... .max), radix: 16))_")
        lastAnswer = loop.now
    }

    func start() throws(PostgresError) {
        guard PQsetnonblocking(handle, 1) == 0, PQenterPipelineMode(handle) == 1 else {
            throw PostgresError(.unreachable, connection: handle)
        }
        do {
            watcher = try DescriptorWatcher(descriptor, on: loop)
        } catch {
            throw PostgresError(.unreachable, "the socket cannot be watched: \(error)")
        }
        watch(for: .readable)
    }

    deinit {
        if ending == nil { disconnect() }
    }

    /// Whether it can be used. A connection that broke may not be known to yet; see ``checkAlive()``.
    public var isOpen: Bool { ending == nil }
    /// Whether nothing is under way.
    public var isIdle: Bool { inFlight.isEmpty && unsent.isEmpty && script == nil }
    /// Whether the server works on something, or has its answer under way.
    var isServed: Bool { !inFlight.isEmpty || script != nil }
    /// Whether it waits for a cancelled statement to end. What is asked for meanwhile is sent after that.
    public var isSettling: Bool { settlingSince != nil }
    /// Whether a transaction is open on it, failed or not. While something is under way it cannot be known.
    public var isInTransaction: Bool {
        guard isOpen else { return false }
        let status = PQtransactionStatus(handle)
        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR
    }
    /// The process of the server that serves this connection.
    public var serverProcess: Int32 { isOpen ? PQbackendPID(handle) : 0 }
    /// The server's version: 150004 is 15.4.
    public var serverVersion: Int { isOpen ? Int(PQserverVersion(handle)) : 0 }

    /// Ends the connection. What is under way fails.
    public func close() {
        end(nil)
    }

    /// Ends the connection, with the reason that everybody who waits is told; nil when its owner closes it.
    func end(_ reason: PostgresError?) {
        guard ending == nil else { return }
        ending = reason ?? PostgresError(.closed, "the connection was closed")
        disconnect()
        failAll(ending!)
        observe(.disconnected(connection: id, reason))
        onEnd(reason)
    }

    private func disconnect() {
        ownSweeper?.stop()
        ownSweeper = nil
        // Before PQfinish closes the descriptor.
        watcher?.close()
        watcher = nil
        PQfinish(handle)
    }

    private func failAll(_ reason: PostgresError) {
        // What was not sent has not happened for certain; of what was sent, only a read has not.
        while let run = unsent.popFirst() { run.finish(.failure(reason)) }
        while let flight = inFlight.popFirst() {
            for run in flight.runs { fail(run, reason) }
        }
        if let script { fail(script, reason) }
        script = nil
    }

    private func fail(_ run: Run, _ reason: PostgresError) {
        let error = run.failure ?? reason
        let isUnknown = run.access == .readWrite && error.kind != .server
        run.finish(.failure(error.with(mayHaveCommitted: isUnknown)))
    }
}

/// What a connection shares with the others of its pool.
struct ConnectionEnvironment {
    var observe: (PostgresEvent) -> Void = { _ in }
    var counters = Counters()
    var cancelGate = CancelGate()
    var poolers = PoolerCheck()
    /// Whether somebody calls `sweep` regularly.
    var sweeps = false
}

/// What is counted, for a pool the sum of its connections.
final class Counters {
    var statements = 0
    var pipelines = 0
    var queryMicroseconds: UInt64 = 0
}

/// Cancelling blocks a thread of the process's few for as long as the network likes.
final class CancelGate {
    /// How many cancels of one pool are under way at a time.
    static let limit = 1
    private var running = 0

    func enter() -> Bool {
        guard running < CancelGate.limit else { return false }
        running += 1
        return true
    }

    func leave() { running -= 1 }
}

/// What a session that executed `LISTEN` hears.
public struct PostgresNotification: Sendable, Hashable {
    public let channel: String
    public let payload: String
    /// The process of the server whose session executed `NOTIFY`; see ``PostgresConnection/serverProcess``.
    public let serverProcess: Int32
}
