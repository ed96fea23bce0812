public import Model

/// A worker's access to rows in memory.
///
/// It behaves as the store in PostgreSQL does: the same constraints, the same order of rows, the same isolation. One
/// transaction writes at a time, and readers never wait for it.
public final class InMemoryStore: Store {
    private let database: MemoryDatabase
    private let now: () -> UInt64

    /// - Parameters:
    ///   - database: the rows, which other workers have too.
    ///   - now: the clock of deadlines, in milliseconds.
    public init(_ database: MemoryDatabase, now: @escaping () -> UInt64) {
        self.database = database
        self.now = now
    }

    /// Reads the rows of a resource as they were committed.
    public func repository(of schema: Schema) -> any Repository { MemoryRepository(database, schema) }

    /// Runs `body` as one transaction.
    ///
    /// A transaction that waits for its turn notices only then that its deadline has passed. One that begins another
    /// inside of it waits for itself.
    public func write<Result>(
        deadline: UInt64, _ body: (UnitOfWork) async throws -> Result
    ) async throws -> Result {
        try await database.writers.enter()
        defer { database.writers.leave() }
        guard now() < deadline else { throw DomainError.deadlineExceeded }
        let transaction = MemoryTransaction(database)
        defer { transaction.end() }
        let unit = UnitOfWork(transaction, deadline: deadline)
        let result = try await body(unit)
        try transaction.checkStatements()
        try await unit.prepareCommit()
        transaction.commit()
        return result
    }

    /// Who writes now, and who is finished.
    public func evidence(deadline: UInt64) async throws -> ReadEvidence { database.evidence }

    /// Always succeeds: what is in the process is there.
    public func check(deadline: UInt64) async throws {}
}
