/// Where the rows are: PostgreSQL, or memory. A cache over a store is a store.
public protocol Store: AnyObject {
    func repository(of schema: Schema) -> any Repository

    /// Runs `body` as one transaction: all that it writes is there afterwards, or, if it throws, nothing.
    ///
    /// **`body` may be run more than once**: a store rolls a transaction back and begins again when others were in the way, and so
    /// do callers. Only what a run writes through its unit is undone before the next one, so `body` changes nothing else: no
    /// variable of its caller, no file, no message to anybody.
    ///
    /// - Parameter deadline: when it is too late, in milliseconds of the loop's clock.
    /// - Throws: what `body` throws; ``DomainError``; ``CommitOutcomeUnknown``.
    func write<Result>(deadline: UInt64, _ body: (UnitOfWork) async throws -> Result) async throws -> Result

    /// Which writers of the service run now, and which transactions are finished after that.
    func evidence(deadline: UInt64) async throws -> ReadEvidence

    /// Asks whether the store can be used.
    ///
    /// - Throws: ``DomainError/unavailable(retryAfterSeconds:)`` with the reason in the log if it cannot.
    func check(deadline: UInt64) async throws
}

/// The connection was lost while the transaction was being committed: it may have been, or may yet be.
public struct CommitOutcomeUnknown: Error, Sendable {
    public init() {}
}
