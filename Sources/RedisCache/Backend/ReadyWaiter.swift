internal import EventLoop

/// Why the cache cannot be used now: a reason for people.
public struct RedisNotReady: Error, CustomStringConvertible {
    public let description: String
}

/// One who waits for the cache to become usable, for a failure, or for a time to pass.
final class ReadyWaiter {
    private var continuation: UnsafeContinuation<RedisNotReady?, Never>?
    private let timer: Timer

    init(_ continuation: UnsafeContinuation<RedisNotReady?, Never>, on loop: EventLoop, milliseconds: UInt64) {
        self.continuation = continuation
        timer = Timer(on: loop)
        timer.start(after: milliseconds) { [weak self] in
            self?.resume(RedisNotReady(description: "it is not in use after \(milliseconds) ms"))
        }
    }

    /// Whether it was told already.
    var isOver: Bool { continuation == nil }

    func resume(_ obstacle: RedisNotReady?) {
        timer.stop()
        continuation?.resume(returning: obstacle)
        continuation = nil
    }
}

extension RedisBackend {
    /// Waits until the cache can be read, for so many milliseconds at most, among them those of a hold-off.
    ///
    /// - Throws: why it cannot, as soon as an attempt to connect or to register the keyspace fails.
    public func waitUntilReady(milliseconds: UInt64) async throws(RedisNotReady) {
        if openKeys != nil { return }
        let obstacle = await withUnsafeContinuation { continuation in
            readyWaiters.removeAll { $0.isOver }
            readyWaiters.append(ReadyWaiter(continuation, on: loop, milliseconds: milliseconds))
        }
        if let obstacle { throw obstacle }
    }

    func resumeReadyWaiters(_ obstacle: RedisNotReady? = nil) {
        let waiters = readyWaiters
        readyWaiters = []
        for waiter in waiters { waiter.resume(obstacle) }
    }
}
