internal import EventLoop

/// Statements that a caller waits for, from the call to the answer.
struct Run {
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
    /// What the caller waits for. What the server says after it was given is nobody's.
    let outcome = Promise<Result<[PostgresResult], PostgresError>>()
    var results: [PostgresResult] = []
    /// It ran before and was rolled back, because what it had been prepared for was outdated.
    private(set) var isRepeated = false
    /// It shares no sync with others.
    private(set) var isAlone = false

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

    /// Whether the caller has its answer.
    var isFinished: Bool { outcome.value != nil }

    /// The same, to be sent once more, and alone.
    ///
    /// - Parameter isOwnFault: no second time.
    func again(isOwnFault: Bool) -> Run {
        var run = self
        run.isRepeated = isRepeated || isOwnFault
        run.isAlone = true
        run.results = []
        return run
    }

    /// The statement that has no result yet.
    var currentSQL: String { statements[min(results.count, statements.count - 1)].sql.text }
}
