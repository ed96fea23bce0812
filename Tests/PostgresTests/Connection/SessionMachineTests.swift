import CLibPQ
import EventLoop
import Testing

@testable import Postgres

/// A dialogue with the machine: who asks, what the server says, and a clock that stands until it is moved.
private struct Dialogue {
    var machine: SessionMachine
    var now: UInt64 = 1_000
    /// Whether the session has no transaction open.
    var isOutside = true

    init(isPooled: Bool = false) {
        machine = SessionMachine(
            connection: 7, cancelPatience: 500, isPooled: isPooled, prepared: PreparedStatements(limit: 2, prefix: "p"))
    }

    /// - Returns: the run, which tells what came of it.
    @discardableResult
    mutating func ask(
        _ statements: SQL..., deadline: UInt64 = .max, access: Access = .readOnly, form: Run.Form = .pipeline
    ) -> Run {
        let run = Run(statements.map { Statement($0) }, deadline: deadline, access: access, form: form)
        machine.ask(run)
        return run
    }

    /// What is sent now: each step as `p1 = text`, `p1` or `text`, and what was sent together in brackets.
    mutating func sent() -> [[String]] {
        var sent: [[String]] = []
        while let request = machine.next(now: now, microseconds: now * 1_000, isOutside: isOutside) {
            switch request {
            case .script(let text): sent.append(["script: \(text)"])
            case .pipeline(let steps): sent.append(steps.map(Self.text))
            }
        }
        return sent
    }

    private static func text(_ step: Step) -> String {
        switch step {
        case .prepare(let sql, as: let name): "\(name) = \(sql)"
        case .execute(_, as: let name?): name
        case .execute(let statement, as: nil): statement.sql.text
        }
    }

    /// The server does the next step, or all up to the sync.
    mutating func answers(_ count: Int = 1) {
        for _ in 0..<count {
            machine.received(PostgresResult(PQmakeEmptyPGresult(nil, PGRES_COMMAND_OK)))
            machine.finishedStep()
        }
    }

    /// The server refuses the next step and skips `skipped` others.
    mutating func refuses(_ error: PostgresError, skipping skipped: Int = 0) {
        machine.refused(error)
        machine.finishedStep()
        for _ in 0..<skipped {
            machine.skipped()
            machine.finishedStep()
        }
    }

    /// - Returns: what is told of it.
    @discardableResult
    mutating func sync() -> [PostgresEvent] { machine.landed(now: now, isOutside: isOutside) }

    /// - Returns: itself, to be asked whether it still settles.
    mutating func settle() -> SessionMachine {
        _ = machine.settle()
        return machine
    }

    mutating func sweep(after milliseconds: UInt64) -> SessionMachine.Remedy? {
        now += milliseconds
        return machine.sweep(now)
    }
}

extension Run {
    /// How many results the caller has; nil while it waits, and if it failed.
    fileprivate var count: Int? { try? outcome.value?.get().count }
    /// What the caller is told; nil while it waits, and if all went well.
    fileprivate var error: PostgresError? {
        if case .failure(let error) = outcome.value { error } else { nil }
    }
}

private let broken = PostgresError(.connectionLost, "the connection broke")
private let missing = PostgresError(.server, sqlState: .invalidStatementName, "no such statement")
private let cancelled = PostgresError(.server, sqlState: .queryCanceled, "cancelled")
private let violation = PostgresError(.server, sqlState: .uniqueViolation, "there is one")

@Suite struct `A session's machine, sending` {
    @Test func `prepares a statement of the program at its first use`() {
        var dialogue = Dialogue()
        let first = dialogue.ask("a", access: .readWrite)
        let second = dialogue.ask("a", "b", access: .readWrite)
        #expect(dialogue.sent() == [["p1 = a", "p1"], ["p1", "p2 = b", "p2"]])
        dialogue.answers(2)
        #expect(first.count == nil, "its sync was not answered")
        #expect(dialogue.sync().isEmpty)
        #expect(first.count == 1)
        dialogue.answers(3)
        dialogue.sync()
        #expect(second.count == 2)
        #expect(dialogue.machine.isIdle)
    }

    @Test func `lets reads share a sync, up to a limit, and gives each what is its own`() {
        var dialogue = Dialogue()
        let runs = (0..<9).map { _ in dialogue.ask(.unprepared("r"), .unprepared("s")) }
        #expect(dialogue.sent().map(\.count) == [16, 2])
        dialogue.answers(16)
        dialogue.sync()
        #expect(runs.map(\.count) == [Int?](repeating: 2, count: 8) + [nil])
    }

    @Test(arguments: [true, false]) func `lets no write share a sync, nor what is in a transaction`(_ isExclusive: Bool) {
        var dialogue = Dialogue()
        dialogue.machine.isExclusive = isExclusive
        for _ in 0..<2 { dialogue.ask(.unprepared("r"), access: isExclusive ? .readOnly : .readWrite) }
        #expect(dialogue.sent() == [["r"], ["r"]])
    }

    @Test func `sends a script alone`() {
        var dialogue = Dialogue()
        dialogue.ask(.unprepared("r"))
        let script = dialogue.ask(.unprepared("x; y"), access: .readWrite, form: .script)
        dialogue.ask(.unprepared("s"))
        #expect(dialogue.sent() == [["r"]])
        dialogue.answers()
        dialogue.sync()
        #expect(dialogue.sent() == [["script: x; y"]])
        #expect(dialogue.machine.isInScript)
        for _ in 0..<2 { dialogue.machine.received(PostgresResult(PQmakeEmptyPGresult(nil, PGRES_COMMAND_OK))) }
        #expect(dialogue.sync().isEmpty)
        #expect(script.count == 2)
        #expect(dialogue.sent() == [["s"]])
    }

    @Test func `closes prepared statements of no use where no transaction is open`() {
        var dialogue = Dialogue()
        dialogue.isOutside = false
        for number in 0..<SessionMachine.closingBatch + 2 { dialogue.ask(SQL("\(number)")) }
        _ = dialogue.sent()
        dialogue.ask(.unprepared("r"))
        #expect(dialogue.sent() == [["r"]], "it is not a pool's, and something is in flight")
        dialogue.isOutside = true
        while dialogue.machine.isServed { dialogue.sync() }
        dialogue.ask(.unprepared("r"))
        let sent = dialogue.sent()
        #expect(sent.map(\.count) == [SessionMachine.closingBatch, 1])
        #expect(sent[0][0] == "DEALLOCATE \"p1\"")
        dialogue.refuses(violation, skipping: SessionMachine.closingBatch - 1)
        dialogue.sync()
        dialogue.answers()
        dialogue.sync()
        dialogue.ask(.unprepared("r"))
        #expect(dialogue.sent().map(\.count) == [SessionMachine.closingBatch, 1], "they are still there")
    }
}

@Suite struct `A session's machine, for what fails` {
    @Test func `tells the caller, and repeats the others who shared the sync, each alone`() {
        var dialogue = Dialogue()
        let runs = ["a", "b", "c"].map { dialogue.ask(.unprepared($0)) }
        #expect(dialogue.sent() == [["a", "b", "c"]])
        dialogue.answers()
        dialogue.refuses(violation, skipping: 1)
        let events = dialogue.sync()
        #expect(runs[1].error?.sqlState == .uniqueViolation)
        guard case .statementFailed(connection: 7, sql: "b", _)? = events.first, events.count == 1 else {
            Issue.record("it told \(events)")
            return
        }
        #expect(dialogue.sent() == [["a"], ["c"]])
        for _ in 0..<2 {
            dialogue.answers()
            dialogue.sync()
        }
        #expect([runs[0].count, runs[2].count] == [1, 1])
    }

    @Test func `repeats once, unprepared, what the server no longer has prepared`() {
        var dialogue = Dialogue()
        let run = dialogue.ask("a", access: .readWrite)
        _ = dialogue.sent()
        dialogue.answers()
        dialogue.refuses(missing)
        guard case .preparedAgain(connection: 7, sql: "a")? = dialogue.sync().first else {
            Issue.record("it did not tell")
            return
        }
        #expect(!run.isFinished)
        #expect(dialogue.sent() == [["a"]])
        dialogue.refuses(missing)
        dialogue.sync()
        #expect(run.error?.sqlState == .invalidStatementName, "no second time")
        dialogue.ask("a")
        #expect(dialogue.sent() == [["p2 = a", "p2"]], "under a new name")
    }

    @Test func `repeats nothing in a transaction that is open`() {
        var dialogue = Dialogue()
        dialogue.isOutside = false
        let run = dialogue.ask("a", access: .readWrite)
        _ = dialogue.sent()
        dialogue.answers()
        dialogue.refuses(missing)
        dialogue.sync()
        #expect(run.error?.sqlState == .invalidStatementName)
    }

    @Test func `forgets what the server did not come to prepare`() {
        var dialogue = Dialogue()
        dialogue.ask("a", "b", access: .readWrite)
        _ = dialogue.sent()
        dialogue.refuses(violation, skipping: 3)
        dialogue.sync()
        dialogue.ask("b")
        #expect(dialogue.sent() == [["p3 = b", "p3"]])
    }

    @Test func `keeps the first error, whatever is made up behind it`() {
        var dialogue = Dialogue()
        let run = dialogue.ask(.unprepared("a"), .unprepared("b"), access: .readWrite)
        _ = dialogue.sent()
        dialogue.refuses(violation)
        dialogue.refuses(broken)
        dialogue.sync()
        #expect(run.error?.sqlState == .uniqueViolation)
    }

    @Test func `tells when the connection breaks what has not happened for certain`() {
        var dialogue = Dialogue()
        let refused = dialogue.ask(.unprepared("a"), access: .readWrite)
        let write = dialogue.ask(.unprepared("b"), access: .readWrite)
        let read = dialogue.ask(.unprepared("c"))
        #expect(dialogue.sent().count == 3)
        let unsent = dialogue.ask(.unprepared("d"), access: .readWrite)
        dialogue.refuses(violation)
        dialogue.machine.end(broken)
        #expect([refused, write, read, unsent].map { $0.error?.mayHaveCommitted } == [false, true, false, false])
        #expect(refused.error?.sqlState == .uniqueViolation)
        #expect(write.error?.kind == .connectionLost)
        #expect(dialogue.machine.isIdle)
    }
}

@Suite struct `A session's machine, when deadlines pass` {
    @Test func `answers the caller, and has what it waited for cancelled before anything else is sent`() {
        var dialogue = Dialogue()
        let late = dialogue.ask(.unprepared("a"), deadline: 1_010, access: .readWrite)
        _ = dialogue.sent()
        #expect(dialogue.sweep(after: 9) == nil)
        #expect(!late.isFinished)
        #expect(dialogue.sweep(after: 1) == .cancel)
        #expect(late.error?.kind == .deadlineExceeded)
        #expect(late.error?.mayHaveCommitted == true)
        dialogue.machine.cancelBegan()
        #expect(dialogue.sweep(after: 25) == nil, "one cancel for each")
        dialogue.ask(.unprepared("b"))
        #expect(dialogue.sent() == [])
        dialogue.refuses(cancelled)
        #expect(dialogue.sync().isEmpty, "nobody is told any more")
        #expect(dialogue.settle().isSettling, "the request may still hit another")
        #expect(dialogue.sent() == [])
        dialogue.machine.cancelEnded()
        #expect(dialogue.settle().isSettling == false)
        #expect(dialogue.sent() == [["b"]])
    }

    @Test func `says of what was not sent that it did not happen, and cancels nothing for it`() {
        var dialogue = Dialogue()
        dialogue.ask(.unprepared("x"), access: .readWrite, form: .script)
        _ = dialogue.sent()
        let late = dialogue.ask(.unprepared("a"), deadline: 1_010, access: .readWrite)
        #expect(dialogue.sweep(after: 10) == nil)
        #expect(late.error?.mayHaveCommitted == false)
        #expect(!dialogue.machine.isSettling)
    }

    @Test func `repeats once what a cancel hit that was meant for another`() {
        var dialogue = Dialogue()
        dialogue.ask(.unprepared("a"), deadline: 1_010, access: .readWrite)
        let next = dialogue.ask(.unprepared("b"), access: .readWrite)
        _ = dialogue.sent()
        #expect(dialogue.sweep(after: 10) == .cancel)
        dialogue.machine.cancelBegan()
        dialogue.answers()
        dialogue.sync()
        dialogue.refuses(cancelled)
        #expect(dialogue.sync().isEmpty)
        #expect(!next.isFinished)
        dialogue.machine.cancelEnded()
        #expect(dialogue.settle().isSettling == false)
        #expect(dialogue.sent() == [["b"]])
        dialogue.refuses(cancelled)
        dialogue.sync()
        #expect(next.error?.sqlState == .queryCanceled)
    }

    @Test func `tells the caller that somebody else cancelled the statement`() {
        var dialogue = Dialogue()
        let run = dialogue.ask(.unprepared("a"), access: .readWrite)
        _ = dialogue.sent()
        dialogue.refuses(cancelled)
        dialogue.sync()
        #expect(run.error?.sqlState == .queryCanceled)
    }

    @Test func `gives a server up that does not end what it was asked to cancel`() {
        var dialogue = Dialogue()
        dialogue.ask(.unprepared("a"), deadline: 1_010)
        _ = dialogue.sent()
        #expect(dialogue.sweep(after: 10) == .cancel)
        dialogue.machine.cancelBegan()
        dialogue.machine.cancelEnded()
        #expect(dialogue.sweep(after: 499) == nil)
        #expect(dialogue.sweep(after: 1) == .giveUp)
    }

    @Test func `waits longer for a server that makes progress`() {
        var dialogue = Dialogue()
        for _ in 0..<2 { dialogue.ask(.unprepared("a"), deadline: 1_010, access: .readWrite) }
        _ = dialogue.sent()
        #expect(dialogue.sweep(after: 10) == .cancel)
        dialogue.machine.cancelBegan()
        dialogue.machine.cancelEnded()
        #expect(dialogue.sweep(after: 400) == nil)
        dialogue.refuses(cancelled)
        dialogue.sync()
        #expect(dialogue.sweep(after: 400) == .cancel, "the second is another one")
    }
}
