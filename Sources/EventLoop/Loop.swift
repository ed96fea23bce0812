internal import CLibUV
public import Metrics
internal import Synchronization

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// A libuv loop that is also a Swift executor: one thread, on which the callbacks of its handles and the tasks
/// that were spawned on it take turns.
///
/// A turn of the loop is: wait for events, let each event's callback run, run the tasks that became ready, then
/// let everything that was gathered in the turn leave at once (see ``atTurnEnd(_:)``).
///
/// What belongs to a loop is a plain class that is not `Sendable`: Swift 6 refuses to let it leave. The two ways
/// in from another thread are ``submit(_:)`` and an actor whose executor is this loop.
///
/// - Important: An executor is referenced without being retained. A loop lives as long as the process.
public final class Loop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    // @unchecked: everything but `arrivals`, `wakeup` and `owner` is touched on the loop's thread only, which
    // `checkIsolated` asserts; `arrivals` is behind its lock, and `uv_async_send` may be called by any thread.

    let handle: UnsafeMutablePointer<uv_loop_t>
    private let wakeup: UnsafeMutablePointer<uv_async_t>
    private let prepare: UnsafeMutablePointer<uv_prepare_t>
    private let check: UnsafeMutablePointer<uv_check_t>
    /// While it is active, the loop does not wait for events.
    private let idle: UnsafeMutablePointer<uv_idle_t>

    private let owner = Atomic<UInt>(0)
    private let arrivals = Mutex<[UnownedJob]>([])
    private var ready: [UnownedJob] = []
    private var running: [UnownedJob] = []
    private var turnEndActions: [any TurnEndAction] = []
    private var runningActions: [any TurnEndAction] = []
    private var nextTurnActions: [any TurnEndAction] = []

    /// What the loop has done since it started.
    public private(set) var statistics = Statistics()

    /// What a loop counts.
    public struct Statistics: Measured {
        /// Turns of the loop.
        public internal(set) var turns = 0
        /// Jobs of tasks that ran: one for each start and each resumption that did not happen inline.
        public internal(set) var jobs = 0

        /// Both.
        public var metrics: [Metric] {
            [
                .counter("larder_loop_turns_total", "Turns of the workers' loops.", turns),
                .counter("larder_loop_jobs_total", "Resumptions of tasks.", jobs),
            ]
        }
    }

    public init() {
        handle = .allocate(capacity: 1)
        wakeup = .allocate(capacity: 1)
        prepare = .allocate(capacity: 1)
        check = .allocate(capacity: 1)
        idle = .allocate(capacity: 1)
        // These fail only where the kernel gives no epoll or eventfd descriptor, and then nothing can work.
        var status = uv_loop_init(handle)
        precondition(status == 0, "no event loop: \(LoopError(status))")
        status = uv_async_init(handle, wakeup) { Loop.from($0!.pointee.data).takeArrivals() }
        precondition(status == 0, "no event loop: \(LoopError(status))")
        uv_prepare_init(handle, prepare)
        uv_check_init(handle, check)
        uv_idle_init(handle, idle)
        let this = Unmanaged.passUnretained(self).toOpaque()
        wakeup.pointee.data = this
        prepare.pointee.data = this
        check.pointee.data = this
        // Timers run before the wait and all else after it, so the turn is finished on both sides of it.
        uv_prepare_start(prepare) { Loop.from($0!.pointee.data).finishTurn() }
        uv_check_start(check) { loop in
            let loop = Loop.from(loop!.pointee.data)
            loop.statistics.turns += 1
            loop.takeNextTurnActions()
            loop.finishTurn()
        }
    }

    deinit {
        preconditionFailure("an event loop lives as long as the process")
    }

    private static func from(_ data: UnsafeMutableRawPointer?) -> Loop {
        Unmanaged<Loop>.fromOpaque(data!).takeUnretainedValue()
    }

    /// How many cores this process may run on: fewer than the machine has if it was pinned to some (`taskset`, a cpuset).
    public static var availableCores: Int { max(1, Int(uv_available_parallelism())) }

    /// Runs the loop on the calling thread until ``stop()``.
    public func run() {
        _ = Unmanaged.passRetained(self)
        owner.store(currentThread(), ordering: .releasing)
        uv_run(handle, UV_RUN_DEFAULT)
        owner.store(0, ordering: .releasing)
    }

    /// Runs the loop on a thread of its own.
    ///
    /// - Parameter name: what tools (`top -H`, a debugger) show of the thread; its first 15 bytes count.
    public func start(name: String = "loop") {
        submit { larder_name_thread(name) }
        let this = Unmanaged.passRetained(self).toOpaque()
        var thread = uv_thread_t()
        let status = uv_thread_create(
            &thread, { Unmanaged<Loop>.fromOpaque($0!).takeUnretainedValue().run() }, this)
        precondition(status == 0, "no thread for an event loop: \(LoopError(status))")
    }

    /// Lets ``run()`` return at the end of this turn. Call it on the loop.
    public func stop() {
        checkIsolated()
        uv_stop(handle)
    }

    /// The loop's clock in milliseconds, monotonic, read once a turn.
    public var now: UInt64 { uv_now(handle) }

    /// Whether the caller runs on this loop's thread.
    public var isOnLoop: Bool { owner.load(ordering: .acquiring) == currentThread() }

    private func currentThread() -> UInt {
        #if canImport(Darwin)
            UInt(bitPattern: pthread_self())
        #else
            UInt(pthread_self())
        #endif
    }
}

// MARK: - Executor

extension Loop {
    /// Takes a job of a task, to be run on this loop. Any thread may call it.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isOnLoop {
            ready.append(job)
            return
        }
        let wasEmpty = arrivals.withLock { arrivals in
            arrivals.append(job)
            return arrivals.count == 1
        }
        if wasEmpty { uv_async_send(wakeup) }
    }

    /// For actors whose executor this loop is.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { .init(ordinary: self) }
    /// For tasks that prefer this loop.
    public func asUnownedTaskExecutor() -> UnownedTaskExecutor { .init(ordinary: self) }

    /// Whether the caller runs on this loop's thread. Without it `Task.immediate` enqueues instead of running inline.
    public func isIsolatingCurrentContext() -> Bool? { isOnLoop }

    /// Ends the program if the caller does not run on this loop's thread.
    public func checkIsolated() {
        precondition(isOnLoop, "called outside of the event loop's thread")
    }

    private func takeArrivals() {
        arrivals.withLock { arrivals in
            ready.append(contentsOf: arrivals)
            arrivals.removeAll(keepingCapacity: true)
        }
    }
}

// MARK: - The end of a turn

/// Something that was gathered in a turn of the loop and leaves at its end: a batch of commands, a response.
public protocol TurnEndAction: AnyObject {
    /// Called once, at the end of the turn in which ``Loop/atTurnEnd(_:)`` was called.
    func turnEnded()
}

extension Loop {
    /// Calls `action` when the events of this turn were handled and the tasks that became ready have run.
    ///
    /// One call, one notification: an action that is wanted again asks again.
    public func atTurnEnd(_ action: any TurnEndAction) {
        turnEndActions.append(action)
    }

    /// Calls `action` when the events that are there by then, too, were handled: at the end of the turn after this one, which
    /// begins at once. So that who has much to do lets others have their turn.
    public func atNextTurnEnd(_ action: any TurnEndAction) {
        if nextTurnActions.isEmpty { uv_idle_start(idle) { _ in } }
        nextTurnActions.append(action)
    }

    private func takeNextTurnActions() {
        guard !nextTurnActions.isEmpty else { return }
        turnEndActions.append(contentsOf: nextTurnActions)
        nextTurnActions.removeAll(keepingCapacity: true)
        uv_idle_stop(idle)
    }

    /// Runs the tasks that were resumed, until none is ready, instead of waiting for the end of the turn.
    ///
    /// For ``TurnEndAction``s: a task must not call it.
    public func runReadyTasks() {
        while !ready.isEmpty {
            swap(&ready, &running)
            statistics.jobs += running.count
            for job in running {
                // As a task executor alone: told of a serial executor too, the runtime would take a task that is
                // isolated to no actor for one in the wrong place, and enqueue it twice more at each suspension.
                job.runSynchronously(on: asUnownedTaskExecutor())
            }
            running.removeAll(keepingCapacity: true)
        }
    }

    /// Tasks first, then what they gathered; what the gathered actions make ready belongs to the same turn.
    private func finishTurn() {
        while !ready.isEmpty || !turnEndActions.isEmpty {
            runReadyTasks()
            swap(&turnEndActions, &runningActions)
            for action in runningActions { action.turnEnded() }
            runningActions.removeAll(keepingCapacity: true)
        }
    }
}
