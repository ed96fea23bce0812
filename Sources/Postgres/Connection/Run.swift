internal import CLibPQ

/// Statements that a caller waits for, from the call to the answer.
final class Run {
    enum Form {
        /// In pipeline mode, under one sync.
        case pipeline
        /// One script in the simple protocol.
        case script
    }

    let statements: [Statement]
    /// In milliseconds of the loop's clock.
    let deadline: UInt64
    let access: Access
    let form: Form
    /// The prepared statements that it closes, one by each of its statements. Nobody waits for such a run.
    let closes: [PreparedStatements.Name]
    var results: [PostgresResult] = []
    /// The first error of it.
    var failure: PostgresError?
    /// It ran before and was rolled back, because what it had been prepared for was outdated.
    private(set) var isRepeated = false
    /// It shares no sync with others.
    private(set) var isAlone = false

    private(set) var outcome: Result<[PostgresResult], PostgresError>?
    private var continuation: UnsafeContinuation<Void, Never>?

    init(_ statements: [Statement], deadline: UInt64, access: Access, form: Form = .pipeline) {
        self.statements = statements
        self.deadline = deadline
        self.access = access
        self.form = form
        closes = []
    }

    init(closing names: [PreparedStatements.Name], deadline: UInt64) {
        statements = names.map { Statement(.unprepared("DEALLOCATE \"\($0)\"")) }
        self.deadline = deadline
        access = .readWrite
        form = .pipeline
        closes = names
    }

    /// Whether the caller has its answer. What the server still says is then nobody's.
    var isFinished: Bool { outcome != nil }

    /// Waits until ``finish(_:)``. `start` is called before that, when the caller is ready to wait.
    func wait(start: () -> Void) async {
        await withUnsafeContinuation { continuation in
            self.continuation = continuation
            start()
        }
    }

    /// Gives the caller its answer; the first one counts.
    func finish(_ outcome: Result<[PostgresResult], PostgresError>) {
        guard self.outcome == nil else { return }
        self.outcome = outcome
        continuation?.resume()
        continuation = nil
    }

    /// Forgets what it received, to be sent once more, and alone.
    ///
    /// - Parameter isOwnFault: no second time.
    func startAgain(isOwnFault: Bool) {
        isRepeated = isRepeated || isOwnFault
        isAlone = true
        results = []
        failure = nil
    }

    /// The statement that has no result yet.
    var currentSQL: String { statements[min(results.count, statements.count - 1)].sql.text }
}

/// What was sent under one sync, in the order in which the server answers it: one run, or several that only read.
final class Flight {
    enum Step {
        case prepare(SQL, PreparedStatements.Name)
        /// Under the name that it was prepared as; nil if it is not.
        case execute(SQL, PreparedStatements.Name?)
    }

    private(set) var runs: [Run] = []
    /// How many cancels this connection had asked for when it was sent.
    let cancels: Int
    let sentAt: UInt64
    private var steps: [(step: Step, run: Run)] = []
    /// The step whose answer comes next; all of them when only the sync is left.
    private var next = 0
    /// The run at which the server stopped. It skipped those after it, and rolled those before it back.
    var failed: Run?

    init(cancels: Int, sentAt: UInt64) {
        self.cancels = cancels
        self.sentAt = sentAt
    }

    func append(_ run: Run) { runs.append(run) }
    func append(_ step: Step) { steps.append((step, runs.last!)) }

    /// The step that the server works on; nil when all of them are answered.
    var current: Step? { next < steps.count ? steps[next].step : nil }
    /// The run that the server works on.
    var currentRun: Run { next < steps.count ? steps[next].run : runs.last! }
    /// Statements that were sent for callers.
    var statements: Int { runs.reduce(0) { $0 + $1.statements.count } }

    func finishStep() { next += 1 }
}
