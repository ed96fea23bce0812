internal import CacheCoordinator
internal import EventLoop
internal import Postgres
internal import PostgresStore

/// This process's part among those who share a cache of a database's rows. One loop has it, for all workers.
final class CacheParticipation {
    let membership: Membership
    private let authority: SQLAuthority

    /// - Parameter backend: reaches the cache from this loop; nil if this process has none, and others may.
    init(
        _ database: PostgresConfiguration, _ configuration: Configuration, _ memory: SharedMemory,
        _ backend: (any OperatedBackend)?, on loop: Loop, _ observation: Observation
    ) {
        authority = SQLAuthority(database, on: loop)
        var limits = Membership.Limits()
        limits.lease = configuration.leaseMilliseconds
        membership = Membership(memory.lease, authority, backend, on: loop, limits: limits) { observation.note($0) }
        membership.start()
    }

    func leave() async {
        await membership.leave()
        authority.close()
    }
}
