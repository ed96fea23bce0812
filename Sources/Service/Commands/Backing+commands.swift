internal import CacheCoordinator
internal import EventLoop
internal import Model
internal import Postgres
internal import RedisCache

extension Backing {
    /// For commands: the same with two connections, and silent about what they say themselves. A hold-off is said.
    convenience init(commanding configuration: Configuration, on loop: EventLoop) {
        var configuration = configuration
        configuration.databasePool.size = 2
        configuration.log = configuration.log.from(max(configuration.log.level, .error))
        self.init(configuration, SharedMemory(), on: loop) { event in
            if case .holdOffBegan(_, let milliseconds) = event {
                Terminal.writeError(
                    "Redis is new to this database: waiting \(milliseconds.seconds), in which older writes may still end.\n")
            }
        }
    }

    /// Waits until the cache, if there is one, can be used.
    private func waitForCache(_ configuration: Configuration) async throws(RedisNotReady) {
        try await redis?.waitUntilReady(milliseconds: configuration.redisPatience)
    }

    /// For commands that write: runs `body` on the store, when all that read from a cache hear of what is written, and returns
    /// when they have heard of it.
    static func write<Result>(
        _ configuration: Configuration, on loop: EventLoop, _ interruption: Interruption,
        _ body: (any Store) async throws -> Result
    ) async throws -> Result {
        let backing = Backing(commanding: configuration, on: loop)
        try await backing.startWriting(configuration)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(
                try await interruption.during({ await backing.interrupt() }) { try await body(backing.store) })
        } catch {
            outcome = .failure(backing.failure(configuration, interruption) ?? error)
        }
        guard await backing.close(within: 1_000) else {
            if case .failure(let failure as CommandFailure) = outcome { Terminal.writeError("\(failure.message)\n") }
            throw CommandFailure(
                "Redis at \(configuration.redis!) was not told of all that was written, so others may serve old values: "
                    + "when it can be reached, run larder cache clear.")
        }
        return try outcome.get()
    }

    private func startWriting(_ configuration: Configuration) async throws(CommandFailure) {
        do throws(RedisNotReady) {
            try await waitForCache(configuration)
        } catch {
            // A cache that others read must hear of the writes; it could serve old values otherwise.
            throw failure(configuration)
                ?? CommandFailure(
                    "Redis at \(configuration.redis!) cannot be used: \(error). Others would not hear of the import: "
                        + "start it, or unset REDIS_URL if nobody uses it.")
        }
    }

    /// For commands about the cache that all instances share.
    static func sharing(_ configuration: Configuration, on loop: EventLoop) async throws(CommandFailure) -> Backing {
        guard let redis = configuration.redis, configuration.cache == .on else {
            throw CommandFailure("There is no shared cache: set REDIS_URL to that of the service.", status: 2)
        }
        var configuration = configuration
        // Whoever looks after a busy server waits longer than a request would. (Who announces writes must not: the mark of a
        // write lives from when the server has it, not from its answer.)
        configuration.redis!.commandTimeout = 5_000
        let backing = Backing(commanding: configuration, on: loop)
        do throws(RedisNotReady) {
            try await backing.waitForCache(configuration)
            return backing
        } catch {
            throw backing.failure(configuration) ?? CommandFailure("Redis at \(redis) cannot be used: \(error).")
        }
    }

    /// Ends what the database does for a command.
    ///
    /// - Returns: false if there is none.
    func interrupt() async -> Bool {
        await pool?.interrupt()
        return pool != nil
    }

    /// What the database could not do for the command, or for the cache on its behalf, if that explains its failure.
    func failure(_ configuration: Configuration, _ interruption: Interruption? = nil) -> CommandFailure? {
        guard interruption?.status == nil else {
            return CommandFailure("Interrupted: what was written before stays; run the command again for the rest.")
        }
        guard let database = configuration.database else { return nil }
        if let trouble = pool?.trouble {
            return CommandFailure("The database \(database) cannot be used: \(trouble).")
        }
        guard let error = registration.failure as? PostgresError else { return nil }
        guard error.sqlState == .undefinedTable else {
            return CommandFailure("The database \(database) cannot be used: \(error).")
        }
        return CommandFailure("The database \(database) lacks tables of this version: run larder migrate up.")
    }
}

extension UInt64 {
    /// So many milliseconds in words: `1.2 s`.
    var seconds: String { "\(self / 1000).\(self % 1000 / 100) s" }
}
