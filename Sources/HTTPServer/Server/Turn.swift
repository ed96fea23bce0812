internal import EventLoop

/// What the connections of a server gathered in this turn of the loop: requests to be answered, and answers to be sent.
///
/// Both happen at the end of the turn. So one task serves all requests whose handlers do not wait, all answers for a connection
/// leave in one write, and the clock is read twice a turn. A task whose handler had to wait serves on when it is through: a
/// task and the memory of its frames are not made anew for each request.
final class Turn: TurnEndAction {
    /// As many requests are gathered until they are served without waiting for the end of the turn, so that one with thousands of
    /// requests takes no more memory than one with some.
    static let maxGathered = 128

    private let loop: Loop
    private var isEndAwaited = false

    /// Connections with a request whose handler is to be started, from `nextWaiting` on.
    private var waiting: [Connection] = []
    private var nextWaiting = 0
    /// Tasks that serve and have nothing to do.
    private var idle: [UnsafeContinuation<Void, Never>] = []
    private var isStopped = false
    /// Connections that had their requests of this turn and have more.
    private var deferred: [Connection] = []
    /// Connections that have read enough in this turn.
    private var paused: [Connection] = []
    private lazy var resumption = Resumption(self)
    /// Connections with something to send.
    private var dirty: [Connection] = []
    private var flushing: [Connection] = []
    /// Requests whose answers are to be sent.
    private var answered: [Answered] = []
    /// When the first head was complete, by the monotonic clock; 0 before that.
    private var startTime: UInt64 = 0

    /// Counts of the requests whose answers were handed to the sockets.
    private(set) var counters = RequestCounters()

    private struct Answered {
        let route: Int
        let status: UInt16
        /// When its head was complete, by the monotonic clock.
        let start: UInt64
    }

    init(_ loop: Loop) { self.loop = loop }

    /// The monotonic clock, read when the first request of the turn asks.
    func start() -> UInt64 {
        if startTime == 0 { startTime = SystemClock.monotonic }
        return startTime
    }

    /// Has the handler of a connection's request started.
    func enqueue(_ connection: Connection) {
        waiting.append(connection)
        awaitEnd()
    }

    /// Has the handler of a connection's request started in a later turn, behind those of others that are there by then.
    func enqueueLater(_ connection: Connection) {
        awaitNext()
        deferred.append(connection)
    }

    /// Has a connection read on at the end of the next turn.
    func readLater(_ connection: Connection) {
        awaitNext()
        paused.append(connection)
    }

    private func awaitNext() {
        if deferred.isEmpty && paused.isEmpty { loop.atNextTurnEnd(resumption) }
    }

    /// Goes on with some of the connections that had to wait: as few as keep the turn short for all others.
    private func resume() {
        let readers = min(paused.count, Self.maxReaders)
        for connection in paused[..<readers] { connection.input.read() }
        paused.removeFirst(readers)
        let some = min(deferred.count, Self.maxResumed)
        waiting.append(contentsOf: deferred[..<some])
        deferred.removeFirst(some)
        if !deferred.isEmpty || !paused.isEmpty { loop.atNextTurnEnd(resumption) }
        awaitEnd()
    }

    private static let maxResumed = 8
    private static let maxReaders = 32

    /// What the loop calls in the next turn.
    private final class Resumption: TurnEndAction {
        private unowned let turn: Turn

        init(_ turn: Turn) { self.turn = turn }

        func turnEnded() { turn.resume() }
    }

    /// Has a connection flushed at the end of this turn.
    func flushLater(_ connection: Connection) {
        dirty.append(connection)
        awaitEnd()
    }

    /// Counts a request once its answer was sent.
    func count(_ status: Status, route: Int, since start: UInt64) {
        answered.append(Answered(route: route, status: status.code, start: start))
    }

    /// Serves what was gathered so far if it is much. To be called while no connection is being served.
    func relieve() {
        if waiting.count >= Self.maxGathered { serveAndSend() }
    }

    /// Lets the tasks end that have nothing to do, now and later.
    func stop() {
        isStopped = true
        for task in idle { task.resume() }
        idle = []
    }

    func turnEnded() {
        isEndAwaited = false
        serveAndSend()
    }

    private func awaitEnd() {
        guard !isEndAwaited else { return }
        isEndAwaited = true
        loop.atTurnEnd(self)
    }

    private func serveAndSend() {
        // Where a handler waits, another task goes on.
        while nextWaiting < waiting.count {
            if let task = idle.popLast() {
                task.resume()
                loop.runReadyTasks()
            } else {
                loop.spawn { await self.serve() }
            }
        }
        waiting.removeAll(keepingCapacity: true)
        nextWaiting = 0
        send()

        if !answered.isEmpty {
            let now = SystemClock.monotonic
            for request in answered {
                counters.add(route: request.route, status: request.status, nanoseconds: now - request.start)
            }
            answered.removeAll(keepingCapacity: true)
        }
        startTime = 0
    }

    /// Sends what was gathered so far. Not while that is under way.
    func send() {
        swap(&dirty, &flushing)
        for connection in flushing { connection.turnEnded() }
        flushing.removeAll(keepingCapacity: true)
    }

    private func serve() async {
        while true {
            while nextWaiting < waiting.count {
                let connection = waiting[nextWaiting]
                nextWaiting += 1
                await connection.serve()
            }
            guard !isStopped, idle.count < Self.maxGathered else { return }
            await withUnsafeContinuation { idle.append($0) }
        }
    }
}
