import EventLoop

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Runs `body` on a loop of its own.
func onLoop(_ body: @escaping @Sendable (EventLoop) async -> Void) async {
    let loop = EventLoop()
    loop.start()
    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
        loop.submit {
            await body(loop)
            done.resume()
            loop.stop()
        }
    }
}

/// Holds the thread up for a moment, as a call that blocks does.
func blockingPause() { usleep(2_000) }
