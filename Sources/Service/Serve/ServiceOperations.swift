internal import API
internal import CacheCoordinator
internal import EventLoop
internal import Metrics
internal import Model

/// What operators see of the running service: what the workers say and count, and the admin loop's own look at the cache.
final class ServiceOperations: Operations {
    private let workers: [Worker]
    private let keeper: CacheKeeper
    private let liveness: Liveness
    private let loop: Loop
    private(set) var isStopping = false

    init(_ workers: [Worker], _ keeper: CacheKeeper, on loop: Loop) {
        self.workers = workers
        self.keeper = keeper
        self.loop = loop
        liveness = Liveness(workers, on: loop)
    }

    /// How long a worker's loop may take to come round, in milliseconds: no request is worth so much.
    private static let turnMilliseconds: UInt64 = 1_000

    /// From now on the service is not ready, so that balancers send nobody more.
    func beginStop() { isStopping = true }

    func obstacles() async -> [String] {
        if isStopping { return ["the service is stopping"] }
        let silent = await liveness.silent(within: Self.turnMilliseconds)
        return await Readiness.obstacles(of: workers, silent: silent, on: loop)
    }

    /// What holds for all workers one of them knows.
    func doubts() async -> [String] { await workers.first?.doubts() ?? [] }

    func hangs() async -> [String] {
        await liveness.silent(within: Self.turnMilliseconds).map { "worker \($0 + 1) of \(workers.count) does not answer" }
    }

    func metrics() async -> [Metric] {
        let silent = await liveness.silent(within: Self.turnMilliseconds)
        return [
            .gauge("larder_workers", "Workers.", workers.count),
            .gauge("larder_workers_silent", "Those that do not answer, and are missing in all other counts.", silent.count),
        ] + [Metric](summing: await reports(without: silent).flatMap(\.parts))
    }

    func cacheStatistics() async throws -> [(name: String, value: Int64)] {
        let silent = await liveness.silent(within: Self.turnMilliseconds)
        let caches = await reports(without: silent).compactMap(\.cache)
        let statistics = caches.dropFirst().map(\.summary).reduce((caches.first ?? CacheStatistics()).summary) { sum, summary in
            zip(sum, summary).map { ($0.name, $0.value + $1.value) }
        }.map { (name: $0.name, value: Int64($0.value)) }
        return statistics + (try await keeper.stock().map { ($0.name, Int64($0.value)) })
    }

    func invalidate(_ tags: [Tag]) async throws { try await keeper.invalidate(tags) }

    func clearCache() async throws { try await keeper.clear() }

    /// Of the workers that answer; the others would be waited for.
    private func reports(without silent: [Int]) async -> [WorkerReport] {
        var reports: [WorkerReport] = []
        for index in workers.indices where !silent.contains(index) {
            if let report = await workers[index].report() { reports.append(report) }
        }
        return reports
    }
}
