internal import CacheCoordinator
internal import EventLoop
internal import Model

extension Backing {
    /// For commands: the same with two connections, and silent about what they say themselves.
    convenience init(commanding configuration: Configuration, on loop: Loop) {
        self.init(configuration.commanding, SharedMemory(), on: loop)
    }

    /// The shared cache in a sentence.
    var cacheInWords: String { backend.map { "\($0.name) at \($0.place)" } ?? "The cache" }

    /// Waits until the cache, if there is one, can be used.
    private func waitForCache(_ configuration: Configuration) async throws(CacheNotReady) {
        try await backend?.waitUntilReady(milliseconds: configuration.cachePatience)
    }

    /// For commands that write: runs `body` on the store. All that read from a cache hear of what is written before it is committed.
    static func write<Result>(
        _ configuration: Configuration, on loop: Loop, _ interruption: Interruption,
        _ body: (any Store) async throws -> Result
    ) async throws -> Result {
        let backing = Backing(commanding: configuration, on: loop)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(
                try await interruption.during({ await backing.interrupt() }) { try await body(backing.store) })
        } catch {
            outcome = .failure(backing.failure(interruption) ?? error)
        }
        await backing.close(within: 1_000)
        return try outcome.get()
    }

    /// For commands about the cache that all instances share.
    static func sharing(_ configuration: Configuration, on loop: Loop) async throws(CommandFailure) -> Backing {
        guard configuration.hasSharedCache, configuration.cache == .on else {
            throw CommandFailure("There is no shared cache: set REDIS_URL to that of the service.", status: 2)
        }
        let backing = Backing(commanding: configuration.administering, on: loop)
        do throws(CacheNotReady) {
            try await backing.waitForCache(configuration)
            return backing
        } catch {
            throw backing.failure() ?? CommandFailure("\(backing.cacheInWords) cannot be used: \(error).")
        }
    }

    /// Ends what the store does for a command.
    ///
    /// - Returns: false if there is nothing to end.
    func interrupt() async -> Bool { await base.interrupt() }

    /// What the store could not do for the command, or for the cache on its behalf, if that explains its failure.
    func failure(_ interruption: Interruption? = nil) -> CommandFailure? {
        guard interruption?.status == nil else {
            return CommandFailure("Interrupted: what was written before stays; run the command again for the rest.")
        }
        return base.failure
    }
}

extension UInt64 {
    /// So many milliseconds in words: `1.2 s`.
    var seconds: String { "\(self / 1000).\(self % 1000 / 100) s" }
}
