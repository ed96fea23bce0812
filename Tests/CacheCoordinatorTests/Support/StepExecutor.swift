/// Runs tasks on the thread of the test, one job after another, so that the test decides what happens next.
///
/// A task runs when it is spawned, and each time that what it waited for came, until it waits again. Nothing else runs
/// meanwhile, so the test is as deterministic as a call.
final class StepExecutor: TaskExecutor, @unchecked Sendable {
    // @unchecked: it belongs to one test, which uses it from one thread at a time.

    private var jobs: [UnownedJob] = []
    private var isRunning = false

    func enqueue(_ job: consuming ExecutorJob) { jobs.append(UnownedJob(job)) }

    func spawn(_ body: @escaping () async -> Void) {
        // Safe: the task runs on the thread that made `body`, and nowhere else.
        nonisolated(unsafe) let body = body
        Task(executorPreference: self) { await body() }
        run()
    }

    /// Runs all that can go on, until everybody waits.
    func run() {
        // A task that spawns another, or resumes it, goes on first.
        guard !isRunning else { return }
        isRunning = true
        var next = 0
        while next < jobs.count {
            jobs[next].runSynchronously(on: asUnownedTaskExecutor())
            next += 1
        }
        jobs.removeAll(keepingCapacity: true)
        isRunning = false
    }
}
