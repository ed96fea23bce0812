internal import CacheCoordinator
internal import RedisCache

extension Observation {
    func note(_ event: RedisEvent) {
        switch event {
        case .connected(let life, let version):
            log.debug("connected to Redis", ["life": life, "version": version])
        case .disconnected(let failure, let pause, isFirst: true):
            log.warning("Redis cannot be used", ["error": "\(failure)", "retry_ms": "\(pause)"])
        case .disconnected(let failure, let pause, isFirst: false):
            log.debug("Redis still cannot be used", ["error": "\(failure)", "retry_ms": "\(pause)"])
        case .endedIdle:
            log.debug("Redis ended an idle connection")
        case .evictionPolicy(let hazard):
            log.warning("\(hazard)")
        case .storeRefused(let words):
            limited.write(.warning, "Redis refused an entry", ["error": words])
        }
    }

    func note(_ violation: FreshnessViolation) {
        limited.write(
            .error, "a cached value was another than the database's",
            [
                "key": violation.key, "served": violation.served.map { "\($0)" } ?? "nothing",
                "stored": violation.stored.map { "\($0)" } ?? "nothing", "tags": violation.tags.joined(separator: " "),
            ])
    }

    func note(_ event: MembershipEvent) {
        switch event {
        case .isOpen(let row):
            log.info("the cache is open", ["keyspace": row.keyspace.name])
        case .isClosed(let row):
            log.info("the cache is closed", ["epoch": "\(row.epoch)"])
        case .cannotAsk(let reason):
            log.warning("the database does not say whether the cache is open", ["error": reason])
        case .nobodyAnnounces:
            limited.write(.warning, "nobody who reaches the cache announces a write: it is closed")
        }
    }
}
