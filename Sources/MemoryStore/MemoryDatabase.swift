internal import Model
internal import Synchronization

/// The rows in memory that the stores of several workers share.
///
/// A read takes the tables as they are at one moment and then needs no lock; a commit puts others in their place.
public final class MemoryDatabase: Sendable {
    private let committed = Mutex(Tables())
    /// The greatest id that was given, for each resource whose rows are counted. Not a part of the tables, because an id
    /// that a transaction was given is not given again when it is rolled back.
    private let lastIDs = Mutex<[String: Int64]>([:])
    let writers: WriterLine
    /// The ids of transactions: that of the last that ended, and whether the one after it runs. (One runs at a time.)
    private let transactions = Mutex((ended: UInt64(0), isOpen: false))

    /// - Parameter maximumWaitingWriters: how many transactions may wait for the one that is writing.
    public init(maximumWaitingWriters: Int = 1024) {
        writers = WriterLine(limit: maximumWaitingWriters)
    }

    /// What was committed until now.
    var tables: Tables { committed.withLock { $0 } }

    func commit(_ tables: Tables) {
        var former = tables
        committed.withLock { swap(&$0, &former) }
        // What nobody has any more is freed here, outside of the lock.
    }

    /// Which transactions are finished; to be asked before ``tables`` by whoever reads those.
    var evidence: ReadEvidence {
        transactions.withLock {
            ReadEvidence(snapshot: TransactionSnapshot(next: $0.ended + 1), writers: $0.isOpen ? [$0.ended + 1] : [])
        }
    }

    /// Begins the transaction of whoever is in line first.
    ///
    /// - Returns: its id.
    func begin() -> UInt64 {
        transactions.withLock {
            $0.isOpen = true
            return $0.ended + 1
        }
    }

    /// Ends it, when what it committed can be read.
    func end() {
        transactions.withLock {
            $0.isOpen = false
            $0.ended += 1
        }
    }

    /// An id that no row of the resource has or had. Those that can be imported end long before the numbers do.
    func nextID(for resource: String) -> Int64 {
        lastIDs.withLock { lastIDs in
            lastIDs[resource, default: 0] += 1
            return lastIDs[resource, default: 0]
        }
    }

    /// Records that a row came with this id.
    func reserve(_ id: Int64, for resource: String) {
        lastIDs.withLock { $0[resource] = max($0[resource, default: 0], id) }
    }
}
