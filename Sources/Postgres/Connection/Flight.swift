/// One thing that the server is asked to do, and answers.
enum Step {
    case prepare(SQL, as: PreparedStatements.Name)
    /// Under the name that it was prepared as; nil if it is not.
    case execute(Statement, as: PreparedStatements.Name?)
}

/// What was sent together, in the order in which the server answers it: one run, or several that only read and share a sync.
struct Flight {
    /// Its place among all flights of the session.
    let number: Int
    /// How many cancels the session had asked for when it was sent.
    let cancels: Int
    /// In microseconds.
    let sentAt: UInt64
    private(set) var runs: [Run] = []
    private(set) var steps: [Step] = []
    /// The step whose answer comes next; all of them when only the sync is left.
    private var nextStep = 0
    /// The run that the server works on.
    private var currentRun = 0
    /// The run at which the server stopped, and why. It skipped those after it, and rolled those before it back.
    private(set) var failure: (run: Int, error: PostgresError)?

    init(number: Int, cancels: Int, sentAt: UInt64) {
        self.number = number
        self.cancels = cancels
        self.sentAt = sentAt
    }

    var isScript: Bool { runs[0].form == .script }
    /// Whether somebody no longer waits for it.
    ///
    /// Of runs that share a sync it cannot be known which one the server works on, because it answers them together.
    var isAbandoned: Bool { runs.contains { $0.isFinished } }
    /// The step that the server works on; nil when all of them are answered.
    var currentStep: Step? { nextStep < steps.count ? steps[nextStep] : nil }

    mutating func append(_ run: Run) { runs.append(run) }
    mutating func append(_ step: Step) { steps.append(step) }

    /// The server's answer to the current step. That to a preparation tells nothing.
    mutating func received(_ result: PostgresResult) {
        if case .execute = currentStep { runs[currentRun].results.append(result) }
    }

    /// The server refused the current step. The first time counts: a second one is what libpq makes up when the connection breaks.
    mutating func refused(_ error: PostgresError) {
        failure = failure ?? (currentRun, error)
    }

    /// All that the server says of the current step was said.
    mutating func finishStep() {
        nextStep += 1
        let isDone = runs[currentRun].results.count == runs[currentRun].statements.count
        if isDone, currentRun + 1 < runs.count { currentRun += 1 }
    }
}
