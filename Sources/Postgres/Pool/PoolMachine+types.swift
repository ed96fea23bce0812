// What goes into the machine, what comes out of it, and what it keeps.
extension PoolMachine {
    enum Use { case shared, exclusive }

    enum Action: Equatable {
        /// Open a connection and report `connected` or `connectFailed`.
        case open(ConnectionID)
        /// The caller has the connection, until `finished` or `released` is reported.
        case lease(CallerID, ConnectionID)
        /// Tell the caller that it gets none.
        case refuse(CallerID, Refusal)
        /// Close a connection that nobody uses.
        case close(ConnectionID)
    }

    enum Refusal: Equatable {
        case deadlineExceeded, exhausted, unreachable, closed
    }

    struct Waiter {
        let caller: CallerID
        let deadline: UInt64
        /// Its place among all waiters.
        let number: Int
    }

    /// A connection as the pool sees it.
    struct Member {
        let id: ConnectionID
        var isConnected = false
        /// Failures to connect that were known when it was opened.
        var failuresBefore = 0
        /// Runs that share it at present.
        var load = 0
        /// Lent out for a transaction.
        var isExclusive = false
        /// Set aside for the next exclusive caller.
        var isReserved = false
        /// Busy with something of its own: it takes nobody.
        var isHeld = false
        /// To be closed as soon as nobody uses it: it takes nobody new.
        var isLeaving = false
        /// Since when it works on the run that it works on.
        var busySince: UInt64 = 0
        /// Since when it does nothing, if it does nothing.
        var idleSince: UInt64 = 0

        /// Whether nothing is done on it.
        var isUnused: Bool { isConnected && load == 0 && !isExclusive && !isHeld }
        var isIdle: Bool { isUnused && !isLeaving }
    }
}

extension PoolMachine.Refusal {
    /// What the caller is told.
    ///
    /// - Parameters:
    ///   - limit: how many may wait.
    ///   - lastFailure: why the last attempt to connect failed.
    func error(waiting limit: Int, _ lastFailure: PostgresError?) -> PostgresError {
        switch self {
        case .deadlineExceeded: PostgresError(.deadlineExceeded, "the deadline passed while waiting for a connection")
        case .exhausted: PostgresError(.poolExhausted, "\(limit) callers wait for a connection already")
        case .unreachable: lastFailure ?? PostgresError(.unreachable, "the server cannot be reached")
        case .closed: PostgresError(.closed, "the pool is closed")
        }
    }
}
