internal import API
internal import CacheCoordinator
internal import EventLoop
internal import HTTPServer
internal import Metrics
internal import Model

/// One core's share of the service: a loop with its own listener, connections and memory. Nothing of it leaves; other
/// loops ask it through this actor, whose executor is the loop.
actor Worker {
    nonisolated let loop: Loop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let configuration: Configuration
    private let memory: SharedMemory
    private let keeper: CacheKeeper
    private var parts: Parts?

    private struct Parts {
        let backing: Backing
        let readiness: Readiness
        let server: Server
        let routes: [RouteDescription]
    }

    /// - Parameter number: counts from 1; tools show it in the name of the thread.
    init(_ configuration: Configuration, _ memory: SharedMemory, _ keeper: CacheKeeper, number: Int) {
        self.configuration = configuration
        self.memory = memory
        self.keeper = keeper
        loop = Loop()
        loop.start(name: "larder-\(number)")
    }

    /// Returns when the loop comes round to it.
    func answer() {}

    /// Starts to listen.
    ///
    /// - Returns: where; the port is the one that the kernel chose if 0 was asked for.
    func start(on address: SocketAddress) throws -> SocketAddress {
        let (configuration, loop) = (configuration, loop)
        let backing = Backing(configuration, memory, on: loop, announcer: KeptAnnouncer(keeper: keeper))
        let observation = backing.observation
        let options = LarderAPI.Options(
            deadlineMilliseconds: configuration.requestMilliseconds, compresses: configuration.compression == .on,
            idempotencyHours: configuration.idempotencyHours, settings: configuration.settings)
        let router = LarderAPI(configuration.declarations, backing.store, options, now: { loop.now }) {
            observation.note($0, of: $1)
        }.router
        let handler = LarderAPI.listener(router, configuration.hosts.api, configuration.crossOrigins)
        let server = Server(loop: loop, limits: configuration.limits, handler: handler) {
            observation.note($0)
        }
        let bound = try server.listen(on: address)
        parts = Parts(
            backing: backing,
            readiness: Readiness(backing.base, on: loop),
            server: server,
            routes: router.routes)
        return bound
    }

    /// Runs `body` as a task of the loop; nil if it has not been started.
    ///
    /// What belongs to the loop must not be awaited in a method of this actor itself. The loop runs jobs as a task executor
    /// alone (docs/decisions.md), so the runtime takes such a method for one in the wrong place: it is interrupted wherever it
    /// calls an asynchronous function, and not only where that waits.
    private func onLoop<Value: Sendable>(_ body: @escaping (Parts) async -> Value) async -> Value? {
        guard let parts else { return nil }
        return await withUnsafeContinuation { continuation in
            loop.spawn { continuation.resume(returning: await body(parts)) }
        }
    }

    /// Stops accepting, finishes what runs, and closes everything.
    func stop(within milliseconds: UInt64) async {
        await onLoop { parts in
            await parts.server.stop(within: milliseconds)
            await parts.backing.close(within: 1_000)
        }
    }

    /// Why it cannot serve now; empty if it can.
    func obstacles() async -> [String] { await onLoop { await $0.readiness.obstacles() } ?? [] }

    /// What operators should look at though it can serve.
    func doubts() async -> [String] { await onLoop { await $0.readiness.doubts() } ?? [] }

    /// Tells the log once of what is not as it has to be in the database, as soon as that answers.
    func warnOfTheDatabase() async {
        let log = configuration.log
        await onLoop { await $0.readiness.warn(log) }
    }

    func report() -> WorkerReport? {
        guard let parts else { return nil }
        let server = parts.server.statistics
        return WorkerReport(
            parts: [RequestStatistics(server, parts.routes), server, loop.statistics] + parts.backing.measured,
            cache: parts.backing.cache?.statistics)
    }
}

/// What a worker has done, as a copy: its text is made elsewhere.
struct WorkerReport: Sendable {
    let parts: [any Measured]
    let cache: CacheStatistics?
}
