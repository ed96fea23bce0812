internal import CacheCoordinator
internal import EventLoop
internal import Model

/// What a serving process has of the cache beside its workers: its membership, and what operators ask. It is on the main loop.
actor CacheKeeper {
    nonisolated let loop: Loop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private var parts: Parts?

    private final class Parts {
        let backend: (any OperatedBackend)?
        /// Nil if the rows are this process's own.
        let participation: CacheParticipation?
        let observation: Observation

        init(_ configuration: Configuration, _ memory: SharedMemory, on loop: Loop) {
            // The workers tell of the same server.
            let quiet = Observation(configuration.log.from(max(configuration.log.level, .error)), on: loop)
            backend = Backing.backend(configuration, memory, on: loop, quiet)
            observation = Observation(configuration.log, on: loop)
            if let database = configuration.database {
                participation = CacheParticipation(database, configuration, memory, backend, on: loop, observation)
            } else {
                participation = nil
            }
            backend?.start()
        }
    }

    init(on loop: Loop) { self.loop = loop }

    func start(_ configuration: Configuration, _ memory: SharedMemory) {
        parts = Parts(configuration, memory, on: loop)
    }

    /// Runs `body` as a task of the loop; see ``Worker``.
    private func onLoop<Value: Sendable>(_ body: @escaping (Parts) async throws -> Value) async throws -> Value {
        guard let parts else { throw DomainError.unavailable(retryAfterSeconds: 1) }
        let result: Result<Value, any Error> = await withUnsafeContinuation { continuation in
            loop.spawn {
                do { continuation.resume(returning: .success(try await body(parts))) } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    func stop() async {
        try? await onLoop { parts in
            await parts.participation?.leave()
            parts.backend?.close()
            parts.observation.finish()
        }
    }

    // MARK: For workers

    /// Announces what a worker cannot; see `Announcer`.
    func announce(_ id: UInt64, on tags: [Tag], deadline: UInt64) async throws {
        try await onLoop { parts in
            guard let membership = parts.participation?.membership else {
                throw DomainError.unavailable(retryAfterSeconds: 1)
            }
            try await membership.announce(id, on: tags, deadline: deadline)
        }
    }

    // MARK: For operators

    func stock() async throws -> [(name: String, value: Int)] {
        try await onLoop { try await $0.backend?.stock().counts ?? [] }
    }

    func invalidate(_ tags: [Tag]) async throws { try await onLoop { try await $0.backend?.invalidate(tags) } }

    func clear() async throws { try await onLoop { try await $0.backend?.clear() } }
}

/// A worker's way to the ``CacheKeeper``.
struct KeptAnnouncer: Announcer {
    let keeper: CacheKeeper

    func announce(_ id: UInt64, on tags: [Tag], deadline: UInt64) async throws {
        try await keeper.announce(id, on: tags, deadline: deadline)
    }
}
