public import EventLoop

/// An HTTP/1.1 server (RFC 9110, RFC 9112) on one loop.
///
/// Several loops may listen on one port with a server each; they share nothing. All calls come on the loop's thread.
public final class Server {
    let loop: Loop
    let limits: ServerLimits
    let handler: any RequestHandler

    let pool = BufferPool()
    let turn: Turn
    let tally: Tally
    /// What is held for the clients beside what is each one's own.
    let room: HeldRoom
    let date = DateField()
    private(set) var connections: [Connection] = []
    /// How many of them are only told that they are too many.
    private var refusals = 0

    private var listeners: [Listener] = []
    private var sweepTimer: Timer?
    /// A sweep after this time is late and left out, but not two in a row.
    private var sweepExpiry = UInt64.max
    private(set) var isStopping = false
    private var stopWaiters: [UnsafeContinuation<Void, Never>] = []

    /// - Parameters:
    ///   - loop: runs the connections and their handlers.
    ///   - limits: what clients may take.
    ///   - handler: answers the requests.
    ///   - observe: is told of what no response tells. It must not call the server.
    public init(
        loop: Loop, limits: ServerLimits = ServerLimits(), handler: any RequestHandler,
        observe: @escaping (ServerEvent) -> Void = { _ in }
    ) {
        self.loop = loop
        turn = Turn(loop)
        self.limits = limits
        self.handler = handler
        tally = Tally(observe)
        room = HeldRoom(bytes: limits.bufferBytes)
    }

    /// What the server has done so far.
    public var statistics: ServerStatistics {
        var statistics = tally.statistics
        statistics.openConnections = connections.count - refusals
        statistics.unsentBytes = connections.reduce(0) { $0 + $1.output.unsentBytes }
        statistics.heldBytes = room.held
        turn.counters.write(to: &statistics)
        return statistics
    }

    /// Accepts connections on `address`. May be called for several. From the first one on the server holds itself until
    /// ``stop(within:)``.
    ///
    /// - Returns: the address with the port that the system chose if 0 was asked for.
    /// - Throws: `LoopError`: the address is in use, is not of this machine, or is not allowed.
    public func listen(on address: SocketAddress) throws(LoopError) -> SocketAddress {
        precondition(!isStopping, "a server that was stopped does not listen again")
        let listener = try Listener(address, on: loop, backlog: limits.backlog) { [unowned self] in accept($0) }
        listeners.append(listener)
        if sweepTimer == nil {
            let timer = Timer(on: loop)
            timer.start(after: limits.sweepMilliseconds, repeating: true) { self.sweep() }
            sweepTimer = timer
        }
        return listener.address
    }

    /// Accepts no more, closes the connections without a request, lets the others finish the one they are at, and waits for that.
    ///
    /// - Parameter milliseconds: the longest wait; what is left then is closed. Its handlers go on, for nobody.
    public func stop(within milliseconds: UInt64) async {
        isStopping = true
        for listener in listeners { listener.close() }
        listeners = []
        for connection in connections.reversed() { connection.stop() }
        if !connections.isEmpty {
            let timer = Timer(on: loop)
            timer.start(after: milliseconds) { [self] in
                for connection in connections.reversed() { connection.close() }
            }
            await withUnsafeContinuation { stopWaiters.append($0) }
            timer.stop()
        }
        sweepTimer?.stop()
        sweepTimer = nil
        turn.stop()
    }

    private func accept(_ stream: Stream) {
        let isRefused = connections.count - refusals >= limits.maxConnections
        if isRefused {
            tally.refusedConnection()
            guard refusals < limits.maxRefusals else { return stream.close() }
            refusals += 1
        } else {
            tally.accepted()
        }
        let connection = Connection(stream, self, isRefused: isRefused, index: connections.count)
        connections.append(connection)
        if isRefused { connection.refuse() } else { connection.input.read() }
    }

    /// Forgets a connection that has ended.
    func remove(_ connection: Connection) {
        let last = connections.removeLast()
        if last !== connection {
            connections[connection.index] = last
            last.moved(to: connection.index)
        }
        if connection.isRefused { refusals -= 1 }
        if isStopping && connections.isEmpty {
            for waiter in stopWaiters { waiter.resume() }
            stopWaiters = []
        }
    }

    private func sweep() {
        let now = loop.now
        // Timers run before the wait for events: when the loop was held up, what came meanwhile has to be read first.
        if now > sweepExpiry {
            sweepExpiry = .max
            return
        }
        sweepExpiry = now + 2 * limits.sweepMilliseconds
        // From the end, since a connection that ends is replaced by the last one.
        for index in connections.indices.reversed() { connections[index].sweep(now) }
    }
}
