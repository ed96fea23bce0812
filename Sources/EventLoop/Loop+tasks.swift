internal import CLibUV

extension Loop {
    /// Runs `body` as a task on this loop: inline until it first waits, and each time again on this loop.
    ///
    /// It may capture what belongs to the loop, because nothing of it ever runs elsewhere. Call it on the loop.
    public func spawn(_ body: @escaping () async -> Void) {
        checkIsolated()
        // Safe: the task is created, run and resumed on this loop's thread only, where `body` was made.
        nonisolated(unsafe) let body = body
        Task.immediate(executorPreference: self) { await body() }
    }

    /// Runs `body` as a task on this loop. Any thread may call it.
    public nonisolated func submit(_ body: @escaping @Sendable () async -> Void) {
        Task(executorPreference: self) { await body() }
    }

    /// Runs `body` for each of `elements` at the same time, as a task on this loop, and waits for all of them.
    public func concurrently<Element>(_ elements: [Element], _ body: @escaping (Element) async -> Void) async {
        guard !elements.isEmpty else { return }
        var rest = elements.count
        let end = Promise<Void>()
        for element in elements {
            spawn {
                await body(element)
                rest -= 1
                if rest == 0 { end.give() }
            }
        }
        await end.wait()
    }

    /// Waits for `milliseconds` of the loop's clock.
    ///
    /// (`Task.sleep` would wake on another thread.)
    public func sleep(milliseconds: UInt64) async {
        await withUnsafeContinuation { continuation in
            Timer(on: self).start(after: milliseconds) { continuation.resume() }
        }
    }

    /// Runs blocking `work` on libuv's thread pool, while the loop goes on.
    public func offload<Success: Sendable>(_ work: @escaping @Sendable () throws -> Success) async throws -> Success {
        let outcome = Outcome<Success>()
        await withUnsafeContinuation { continuation in
            let offloaded = OffloadedWork {
                outcome.result = Result(catching: work)
            } completion: {
                continuation.resume()
            }
            offloaded.queue(on: handle)
        }
        return try outcome.result!.get()
    }
}

/// Where a thread of the pool leaves its result.
private final class Outcome<Success: Sendable>: @unchecked Sendable {
    // @unchecked: the pool's thread writes before libuv calls back, and the loop reads after that.
    var result: Result<Success, any Error>?
}

/// One piece of work on the thread pool.
private final class OffloadedWork {
    private let request = UnsafeMutablePointer<uv_work_t>.allocate(capacity: 1)
    private let work: @Sendable () -> Void
    private let completion: () -> Void

    init(_ work: @escaping @Sendable () -> Void, completion: @escaping () -> Void) {
        self.work = work
        self.completion = completion
    }

    deinit {
        request.deallocate()
    }

    func queue(on loop: UnsafeMutablePointer<uv_loop_t>) {
        request.pointee.data = Unmanaged.passRetained(self).toOpaque()
        uv_queue_work(
            loop, request,
            { Unmanaged<OffloadedWork>.fromOpaque($0!.pointee.data).takeUnretainedValue().work() },
            { request, _ in Unmanaged<OffloadedWork>.fromOpaque(request!.pointee.data).takeRetainedValue().completion() })
    }
}
