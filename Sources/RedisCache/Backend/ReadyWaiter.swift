public import CacheCoordinator
internal import EventLoop

/// One who waits for the cache to become usable, for a failure, or for a time to pass.
final class ReadyWaiter {
    private var continuation: UnsafeContinuation<CacheNotReady?, Never>?
    private let timer: Timer

    init(_ continuation: UnsafeContinuation<CacheNotReady?, Never>, on loop: Loop, milliseconds: UInt64) {
        self.continuation = continuation
        timer = Timer(on: loop)
        timer.start(after: milliseconds) { [weak self] in
            self?.resume(CacheNotReady("it is not in use after \(milliseconds) ms"))
        }
    }

    /// Whether it was told already.
    var isOver: Bool { continuation == nil }

    func resume(_ obstacle: CacheNotReady?) {
        timer.stop()
        continuation?.resume(returning: obstacle)
        continuation = nil
    }
}

extension RedisBackend {
    /// Waits until the cache can be read, for so many milliseconds at most, among them those of a hold-off.
    ///
    /// - Throws: why it cannot, as soon as an attempt to connect or to register the keyspace fails.
    public func waitUntilReady(milliseconds: UInt64) async throws(CacheNotReady) {
        if openKeys != nil { return }
        let obstacle = await withUnsafeContinuation { continuation in
            readyWaiters.removeAll { $0.isOver }
            readyWaiters.append(ReadyWaiter(continuation, on: loop, milliseconds: milliseconds))
        }
        if let obstacle { throw obstacle }
    }

    func resumeReadyWaiters(_ obstacle: CacheNotReady? = nil) {
        let waiters = readyWaiters
        readyWaiters = []
        for waiter in waiters { waiter.resume(obstacle) }
    }
}
