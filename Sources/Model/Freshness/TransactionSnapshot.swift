/// Which transactions of the store were finished at one moment, as PostgreSQL tells it (documentation, 9.27, `pg_snapshot`).
///
/// It says who is finished, never who runs: a transaction that runs may have an id at or beyond ``next``, and is not listed then.
public struct TransactionSnapshot: Hashable, Sendable {
    /// The greatest id of a finished transaction, and one more.
    public let next: UInt64
    /// The ids below ``next`` of transactions that were in progress.
    public let running: [UInt64]

    public init(next: UInt64, running: [UInt64] = []) {
        self.next = next
        self.running = running
    }

    /// Reads PostgreSQL's form, `xmin:xmax:xip_list`, as in `10:20:10,14,15`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let next = UInt64(parts[1]) else { return nil }
        let listed = parts[2].split(separator: ",")
        let running = listed.compactMap { UInt64($0) }
        guard running.count == listed.count else { return nil }
        self.init(next: next, running: running)
    }

    /// Whether a transaction was finished.
    public func hasFinished(_ id: UInt64) -> Bool { id < next && !running.contains(id) }

    /// Whether all transactions with lower ids were finished.
    public func hasFinishedAll(below id: UInt64) -> Bool { next >= id && running.allSatisfy { $0 >= id } }
}

/// What a store knows of transactions at the moment of a read: for a cache, which has to know what the read has seen.
public struct ReadEvidence: Hashable, Sendable {
    /// Taken before the read, or with it: whoever is finished in it was seen by the read.
    public var snapshot: TransactionSnapshot
    /// The writers of the service that ran when they were asked for, before the snapshot was taken; nil if nobody asked.
    public var writers: [UInt64]?

    public init(snapshot: TransactionSnapshot, writers: [UInt64]?) {
        self.snapshot = snapshot
        self.writers = writers
    }

    /// Whether the read has seen all that was committed before the writers were asked for.
    public var isQuiet: Bool { writers?.allSatisfy(snapshot.hasFinished) ?? false }
}
