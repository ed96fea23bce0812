internal import CacheCoordinator
internal import Domain
internal import EventLoop
internal import RedisCache

extension Backing {
    /// For commands: a store whose cache, if it has one, can be used. A hold-off is waited for, and said.
    convenience init(commanding configuration: Configuration, on loop: EventLoop) async throws(RedisNotReady) {
        self.init(administering: configuration, SharedMemory(), on: loop) { event in
            if case .holdOffBegan(_, let milliseconds) = event {
                Terminal.writeError(
                    "Redis is new to this database: waiting \(milliseconds.seconds), in which older writes may still end.\n")
            }
        }
        try await redis?.waitUntilReady(milliseconds: configuration.redisPatience)
    }

    /// For commands that write: runs `body` on the store, when all that read from a cache hear of what is written, and returns
    /// when they have heard of it.
    static func write<Result>(
        _ configuration: Configuration, on loop: EventLoop, _ body: (any Store) async throws -> Result
    ) async throws -> Result {
        let backing = try await Backing(writing: configuration, on: loop)
        let outcome: Swift.Result<Result, any Error>
        do { outcome = .success(try await body(backing.store)) } catch { outcome = .failure(error) }
        guard await backing.close(within: 1_000) else {
            if case .failure(let failure as CommandFailure) = outcome { Terminal.writeError("\(failure.message)\n") }
            throw CommandFailure(
                "Redis at \(configuration.redis!) was not told of all that was written, so others may serve old values: "
                    + "when it can be reached, run larder cache clear.")
        }
        return try outcome.get()
    }

    private convenience init(writing configuration: Configuration, on loop: EventLoop) async throws(CommandFailure) {
        do throws(RedisNotReady) {
            try await self.init(commanding: configuration, on: loop)
        } catch {
            // A cache that others read must hear of the writes; it could serve old values otherwise.
            throw CommandFailure(
                "Redis at \(configuration.redis!) cannot be used: \(error). Others would not hear of the import: "
                    + "start it, or unset REDIS_URL if nobody uses it.")
        }
    }

    /// For commands about the cache that all instances share.
    convenience init(sharing configuration: Configuration, on loop: EventLoop) async throws(CommandFailure) {
        guard let redis = configuration.redis, configuration.cache == .on else {
            throw CommandFailure("There is no shared cache: set REDIS_URL to that of the service.", status: 2)
        }
        var configuration = configuration
        // Whoever looks after a busy server waits longer than a request would. (Who announces writes must not: the mark of a
        // write lives from when the server has it, not from its answer.)
        configuration.redis!.commandTimeout = 5_000
        do throws(RedisNotReady) {
            try await self.init(commanding: configuration, on: loop)
        } catch {
            throw CommandFailure("Redis at \(redis) cannot be used: \(error).")
        }
    }
}

extension UInt64 {
    /// So many milliseconds in words: `1.2 s`.
    var seconds: String { "\(self / 1000).\(self % 1000 / 100) s" }
}
