internal import EventLoop

/// How much of what others commit a transaction sees (PostgreSQL documentation, 13.2).
public enum Isolation: String, Sendable, CaseIterable {
    case readCommitted = "READ COMMITTED"
    case repeatableRead = "REPEATABLE READ"
    case serializable = "SERIALIZABLE"
}

/// The statements that open transactions, made once.
///
/// They are not prepared: there is nothing to plan about them, and nothing may go before them in their transaction.
struct TransactionOpenings {
    private var statements: [Isolation: [Statement]] = [:]
    private var readOnly: [Isolation: [Statement]] = [:]

    init(_ configuration: PostgresConfiguration) {
        for isolation in Isolation.allCases {
            let begin = "BEGIN ISOLATION LEVEL \(isolation.rawValue)"
            statements[isolation] = [Statement(.unprepared(begin))]
            readOnly[isolation] = [Statement(.unprepared("\(begin) READ ONLY"))]
            // The session's own limit is the one for reads.
            guard configuration.writeTimeout != configuration.readTimeout else { continue }
            statements[isolation]!.append(
                Statement(.unprepared("SET LOCAL statement_timeout = \(configuration.writeTimeout)")))
        }
    }

    subscript(isolation: Isolation, access: Access) -> [Statement] {
        (access == .readOnly ? readOnly : statements)[isolation]!
    }
}

/// How a transaction ended that did not commit for certain.
public enum TransactionFailure: Error, Sendable {
    /// Nothing of it took effect. The reason is what its body threw, or a ``PostgresError``.
    case rolledBack(any Error)
    /// `COMMIT` was sent and no answer came. It may have been committed or not, and may be even later than now.
    case outcomeUnknown(PostgresError)
}

/// A transaction while it is open; see ``PostgresPool/transaction(deadline:isolation:access:_:)`` and
/// ``PostgresPool/snapshot(deadline:_:)``.
public final class PostgresTransaction {
    private let connection: PostgresConnection
    /// In milliseconds of the loop's clock.
    public let deadline: UInt64
    private let opening: [Statement]
    /// What runs again runs unprepared: nothing that it may meet can be outdated a second time.
    private let isRepeated: Bool
    private var isOver = false
    /// Whether anything was sent.
    private(set) var hasBegun = false
    /// The first failure of it. After one that is not a statement's, nothing can be said of the session.
    private(set) var failure: PostgresError?

    init(_ connection: PostgresConnection, deadline: UInt64, opening: [Statement], isRepeated: Bool = false) {
        self.connection = connection
        self.deadline = deadline
        self.opening = opening
        self.isRepeated = isRepeated
    }

    /// Runs `statements` in one pipeline. `BEGIN` travels with the first.
    ///
    /// After an error the transaction can only be rolled back, unless the statements themselves keep a savepoint.
    /// `COMMIT` and `ROLLBACK` are not for the body to run.
    ///
    /// - Throws: ``PostgresError``. Nothing of the transaction took effect.
    public func run(_ statements: [Statement]) async throws(PostgresError) -> [PostgresResult] {
        try await run(statements, and: [])
    }

    /// Runs all that a transaction reads. `COMMIT` travels with it, so nothing can follow.
    ///
    /// - Throws: ``PostgresError``.
    public func readAll(_ statements: [Statement]) async throws(PostgresError) -> [PostgresResult] {
        let results = try await run(statements, and: [Statement(.unprepared("COMMIT"))])
        isOver = true
        return results
    }

    private func run(
        _ statements: [Statement], and ending: [Statement]
    ) async throws(PostgresError) -> [PostgresResult] {
        guard !isOver else { throw PostgresError(.closed, "the transaction is over") }
        guard !statements.isEmpty else { return [] }
        let before = hasBegun ? [] : opening
        hasBegun = true
        let statements = isRepeated ? statements.map { Statement(.unprepared($0.sql.text), $0.parameters) } : statements
        do throws(PostgresError) {
            let results = try await connection.run(before + statements + ending, deadline: deadline)
            return results.count == statements.count ? results : Array(results[before.count...].prefix(statements.count))
        } catch {
            // COMMIT was not sent yet, whatever happened.
            let error = error.with(mayHaveCommitted: false)
            failure = failure ?? error
            throw error
        }
    }

    /// Runs one statement.
    public func run(_ statement: Statement) async throws(PostgresError) -> PostgresResult {
        try await run([statement])[0]
    }

    /// What is left of it is to be rolled back by whoever gets the connection back.
    func abandon() { isOver = true }

    func commit(patience: UInt64) async throws(TransactionFailure) {
        isOver = true
        guard hasBegun else { return }
        if let failure, failure.kind != .server { throw .rolledBack(failure) }
        let now = connection.loop.now
        guard now < deadline else { throw .rolledBack(PostgresError.deadlineExceeded(mayHaveCommitted: false)) }
        // If the connection has ended already, the outcome is certain; once COMMIT is on its way, it is not.
        _ = connection.checkAlive()
        let result: PostgresResult
        do throws(PostgresError) {
            result = try await connection.run(
                Statement(.unprepared("COMMIT")), deadline: max(deadline, now + patience))
        } catch {
            failure = failure ?? error
            throw error.mayHaveCommitted ? .outcomeUnknown(error) : .rolledBack(error)
        }
        // Asked to commit a transaction that has failed, PostgreSQL rolls it back and says so.
        guard result.commandTag == "COMMIT" else {
            throw .rolledBack(
                failure
                    ?? PostgresError(.server, sqlState: .inFailedTransaction, "the transaction had failed before its end"))
        }
    }
}
