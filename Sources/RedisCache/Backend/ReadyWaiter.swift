internal import EventLoop

/// One who waits for the cache to become usable, or for a time to pass.
final class ReadyWaiter {
    private var continuation: UnsafeContinuation<Bool, Never>?
    private let timer: Timer

    init(_ continuation: UnsafeContinuation<Bool, Never>, on loop: EventLoop, milliseconds: UInt64) {
        self.continuation = continuation
        timer = Timer(on: loop)
        timer.start(after: milliseconds) { [weak self] in self?.resume(false) }
    }

    /// Whether it was told already.
    var isOver: Bool { continuation == nil }

    func resume(_ isReady: Bool) {
        timer.stop()
        continuation?.resume(returning: isReady)
        continuation = nil
    }
}

extension RedisBackend {
    /// Waits until the cache can be read, or for so many milliseconds. Returns whether it can.
    public func waitUntilReady(milliseconds: UInt64) async -> Bool {
        if openKeys != nil { return true }
        return await withUnsafeContinuation { continuation in
            readyWaiters.removeAll { $0.isOver }
            readyWaiters.append(ReadyWaiter(continuation, on: loop, milliseconds: milliseconds))
        }
    }

    func resumeReadyWaiters() {
        let waiters = readyWaiters
        readyWaiters = []
        for waiter in waiters { waiter.resume(true) }
    }
}
