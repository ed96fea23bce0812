internal import CacheCoordinator
internal import EventLoop
public import Model

extension RedisBackend {
    /// Says that a write which touches `tags` could not be announced, and may be committed within `lifetime`
    /// milliseconds.
    ///
    /// From now on no worker of the process reads the cache until they are settled: at once, or as the first thing after
    /// the next connect, whatever its keyspace. (Not even a new keyspace makes it needless: others may have filled it before that write
    /// committed.) They get an intent that nobody releases, or new tokens if the write is over by then. More tags than
    /// ``RedisLimits/unsettledTags`` are not remembered; then all tags of the keyspace are forgotten instead, at once and
    /// again when the writes are over.
    ///
    /// What this process remembers is lost with it: what must survive it has to be in the store.
    public func settleLater(_ tags: [Tag], lifetime milliseconds: Int) {
        unsettled.add(tags, end: loop.now + UInt64(milliseconds))
        updateOpenKeys()
        settle()
    }

    /// Whether Redis knows of all writes.
    public var isSettled: Bool { unsettled.isEmpty }

    /// Waits until Redis knows of all writes, for so many milliseconds at most: what is not settled is lost with the process.
    public func waitUntilSettled(milliseconds: UInt64) async {
        let end = loop.now + milliseconds
        while !isSettled, loop.now < end { await loop.sleep(milliseconds: 10) }
    }

    /// Begins to settle what waits for it, if there is a connection.
    func settle() {
        guard let connection = link.connection, connectedKeys != nil, let task = unsettled.begin() else { return }
        loop.spawn { [self] in
            do throws(CacheUnavailable) {
                try await perform(task)
                unsettled.succeeded()
            } catch {
                unsettled.failed()
                // The link tries again, with its backoff.
                connection.breakDown(error == .timedOut ? .timedOut : .disconnected("tags could not be settled: \(error)"))
            }
            updateOpenKeys()
            settle()
        }
    }

    private func perform(_ task: UnsettledTags.Task) async throws(CacheUnavailable) {
        switch task {
        case .settle(let tags, let end):
            if loop.now < end {
                _ = try await announce(tags, lifetime: Int(end - loop.now))
            } else {
                try await invalidate(tags)
            }
            observe(.settled(tags: tags.count))
        case .forgetAll(let end):
            // At once for the other instances, of what is committed; later for what was filled before the rest was.
            try await forgetTags()
            if loop.now < end {
                await loop.sleep(milliseconds: end - loop.now)
                try await forgetTags()
            }
            observe(.forgotAllTags)
        }
    }
}
