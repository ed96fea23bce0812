internal import CacheCoordinator
internal import EventLoop
internal import Model

extension Backing {
    /// For commands: the same with two connections, and silent about what they say themselves. A hold-off is said.
    convenience init(commanding configuration: Configuration, on loop: Loop) {
        self.init(configuration.commanding, SharedMemory(), on: loop, tell: { Terminal.writeError("\($0)\n") })
    }

    /// The shared cache in a sentence.
    var cacheInWords: String { backend.map { "\($0.name) at \($0.place)" } ?? "The cache" }

    /// Waits until the cache, if there is one, can be used.
    private func waitForCache(_ configuration: Configuration) async throws(CacheNotReady) {
        try await backend?.waitUntilReady(milliseconds: configuration.cachePatience)
    }

    /// For commands that write: runs `body` on the store, when all that read from a cache hear of what is written, and returns
    /// when they have heard of it.
    static func write<Result>(
        _ configuration: Configuration, on loop: Loop, _ interruption: Interruption,
        _ body: (any Store) async throws -> Result
    ) async throws -> Result {
        let backing = Backing(commanding: configuration, on: loop)
        try await backing.startWriting(configuration)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(
                try await interruption.during({ await backing.interrupt() }) { try await body(backing.store) })
        } catch {
            outcome = .failure(backing.failure(interruption) ?? error)
        }
        guard await backing.close(within: 1_000) else {
            if case .failure(let failure as CommandFailure) = outcome { Terminal.writeError("\(failure.message)\n") }
            throw CommandFailure(
                "\(backing.cacheInWords) was not told of all that was written, so others may serve old values: "
                    + "when it can be reached, run larder cache clear.")
        }
        return try outcome.get()
    }

    private func startWriting(_ configuration: Configuration) async throws(CommandFailure) {
        do throws(CacheNotReady) {
            try await waitForCache(configuration)
        } catch {
            // A cache that others read must hear of the writes; it could serve old values otherwise.
            throw failure()
                ?? CommandFailure(
                    "\(cacheInWords) cannot be used: \(error). Others would not hear of the import: "
                        + "start it, or unset REDIS_URL if nobody uses it.")
        }
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
