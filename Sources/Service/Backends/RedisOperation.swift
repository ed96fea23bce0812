internal import CacheCoordinator
internal import EventLoop
internal import RedisCache

extension RedisBackend {
    /// The backend that the settings name.
    ///
    /// - Parameters:
    ///   - register: tells the store of the cache.
    ///   - tell: told what a command has to wait for.
    convenience init(
        _ settings: RedisConfiguration, _ memory: SharedMemory, on loop: Loop, _ observation: Observation,
        register: @escaping Backing.Registrar, tell: @escaping (String) -> Void
    ) {
        self.init(
            settings, on: loop, unannounced: memory.unannounced,
            observe: { event in
                if case .holdOffBegan(_, let milliseconds) = event {
                    tell("Redis is new to this database: waiting \(milliseconds.seconds), in which older writes may still end.")
                }
                observation.note(event)
            },
            register: { keyspace in
                // Those who have another prefix or another database of the server hear nothing of our writes.
                let registration = try await register("\(settings.prefix):\(settings.database):\(keyspace.name)")
                keyspace = Keyspace("\(keyspace.name):\(registration.database)")
                return registration.holdOff
            })
    }
}

extension Observation {
    func note(_ event: RedisEvent) {
        switch event {
        case .connected(let keyspace, let version):
            log.debug("connected to Redis", ["keyspace": keyspace.name, "version": version])
        case .disconnected(let failure, let pause, isFirst: true):
            log.warning("Redis cannot be used", ["error": "\(failure)", "retry_ms": "\(pause)"])
        case .disconnected(let failure, let pause, isFirst: false):
            log.debug("Redis still cannot be used", ["error": "\(failure)", "retry_ms": "\(pause)"])
        case .endedIdle:
            log.debug("Redis ended an idle connection")
        case .registrationFailed(let reason, let pause, isFirst: true):
            log.warning(
                "the cache is off until the database knows its keyspace", ["error": reason, "retry_ms": "\(pause)"])
        case .registrationFailed(let reason, let pause, isFirst: false):
            log.debug("the database still does not know the keyspace", ["error": reason, "retry_ms": "\(pause)"])
        case .holdOffBegan(let keyspace, let milliseconds):
            log.info(
                "a new keyspace: reads pass the cache by until older writers are gone",
                ["keyspace": keyspace.name, "milliseconds": "\(milliseconds)"])
        case .ready(let keyspace):
            log.info("the cache is in use", ["keyspace": keyspace.name])
        case .evictionPolicy(let hazard):
            log.warning("\(hazard)")
        case .settled(let tags):
            log.info("what changed while Redis was away is known to it now", ["tags": "\(tags)"])
        case .forgotAllTags:
            log.warning("more tags changed while Redis was away than are remembered: all were forgotten")
        case .storeRefused(let words):
            limited.write(.warning, "Redis refused an entry", ["error": words])
        }
    }
}
