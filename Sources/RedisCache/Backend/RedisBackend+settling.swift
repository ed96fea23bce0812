internal import CacheCoordinator
public import Domain
internal import EventLoop

extension RedisBackend {
    /// Says that a write which touched `tags` is over, committed or not, and was not announced or not released.
    ///
    /// From now on the cache is not read until they have new tokens: at once, or as the first thing after the next
    /// connect, whatever its keyspace. (Not even a new keyspace makes it needless: others may have filled it before
    /// that write committed.) More tags than ``RedisLimits/unsettledTags`` are not remembered; then all tags of the
    /// keyspace are forgotten instead.
    ///
    /// What this process remembers is lost with it: what must survive it has to be in the store.
    public func settleLater(_ tags: [Tag]) {
        unsettled.add(tags)
        updateOpenKeys()
        settle()
    }

    /// Begins to invalidate what waits for it, if there is a connection.
    func settle() {
        guard let connection = link.connection, connectedKeys != nil, let task = unsettled.begin() else { return }
        loop.spawn { [self] in
            do throws(CacheUnavailable) {
                try await perform(task)
                unsettled.succeeded()
            } catch {
                unsettled.failed()
                // The link tries again, with its backoff.
                connection.breakDown(error == .timedOut ? .timedOut : .disconnected("tags could not be invalidated: \(error)"))
            }
            updateOpenKeys()
            settle()
        }
    }

    private func perform(_ task: UnsettledTags.Task) async throws(CacheUnavailable) {
        switch task {
        case .invalidate(let tags):
            try await invalidate(tags)
            observe(.settled(tags: tags.count))
        case .forgetAll:
            try await forgetTags()
            observe(.forgotAllTags)
        }
    }
}
