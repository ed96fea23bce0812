internal import CacheCoordinator
internal import Domain
internal import EventLoop
internal import RedisCache

/// What commands that write many rows share.
enum Importing {
    /// Why a database did not take rows, and what to do.
    static func explain(_ error: DomainError) -> String {
        switch error {
        case .unavailable: "The database cannot be reached, or its tables are missing: see larder migrate status."
        case .deadlineExceeded: "The database did not answer in time; try again."
        case .contention, .overloaded: "Others were in the way; try again."
        default: "It was refused: \(error)."
        }
    }
}

extension Backing {
    /// For commands that write: the store, when all that read from a cache hear of what is written.
    convenience init(writing configuration: Configuration, on loop: EventLoop) async throws(CommandFailure) {
        self.init(administering: configuration, SharedMemory(), on: loop)
        do throws(RedisNotReady) {
            // A cache that others read must hear of the writes; it could serve old values otherwise.
            try await redis?.waitUntilReady(milliseconds: configuration.redisPatience)
        } catch {
            throw CommandFailure(
                "Redis at \(configuration.redis!) cannot be used: \(error). Others would not hear of the import: "
                    + "start it, or unset REDIS_URL if nobody uses it.")
        }
    }
}
