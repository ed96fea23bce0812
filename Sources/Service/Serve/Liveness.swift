internal import EventLoop

/// Whether the workers' loops still go round.
///
/// Each is asked one question at a time, so that one that hangs is not buried in them.
final class Liveness {
    private let workers: [Worker]
    private let loop: Loop
    /// Since when each worker owes an answer, by its index.
    private var asked: [Int: UInt64] = [:]
    private var waiters: [Promise<Void>] = []

    init(_ workers: [Worker], on loop: Loop) {
        self.workers = workers
        self.loop = loop
    }

    /// Asks all workers and waits for their answers.
    ///
    /// - Parameter milliseconds: how long a loop may take to come round.
    /// - Returns: the indices of those that took longer and have not answered yet.
    func silent(within milliseconds: UInt64) async -> [Int] {
        for index in workers.indices where asked[index] == nil { ask(index) }
        if !asked.isEmpty { await wait(milliseconds) }
        return asked.filter { loop.now >= $0.value + milliseconds }.map(\.key).sorted()
    }

    private func ask(_ index: Int) {
        asked[index] = loop.now
        loop.spawn { [self] in
            await workers[index].answer()
            asked[index] = nil
            if asked.isEmpty { for waiter in waiters { waiter.give() } }
        }
    }

    /// Until all have answered.
    private func wait(_ milliseconds: UInt64) async {
        let waiter = Promise<Void>()
        waiters.append(waiter)
        let timer = Timer(on: loop)
        timer.start(after: milliseconds) { waiter.give() }
        await waiter.wait()
        timer.stop()
        waiters.removeAll { $0 === waiter }
    }
}
