/// When to connect and to wait: the connection's life and the circuit breaker in one, as a value.
///
/// While it is not ``State/ready(since:)`` nobody waits for Redis. Every failure counts, whatever its kind; the
/// probe that closes the circuit again is the handshake itself.
struct LinkMachine: Equatable {
    enum State: Equatable {
        /// Not started.
        case idle
        /// An attempt to connect, with its handshake, is under way.
        case connecting
        case ready(since: UInt64)
        /// Not connected, until the next attempt.
        case backingOff
        case closed
    }

    enum Event: Equatable {
        case start
        /// The handshake is complete.
        case connected
        /// The wait that was asked for is over.
        case waited
        /// The attempt failed, or the connection broke.
        case failed
        case close
    }

    enum Action: Equatable {
        case connect
        /// Send ``Event/waited`` after so many milliseconds, unless another event comes first.
        case wait(UInt64)
    }

    /// A connection that lasted so many milliseconds was sound; when it breaks the next attempt is made at once.
    static let soundAfter: UInt64 = 1_000
    static let shortestWait: UInt64 = 20
    static let longestWait: UInt64 = 250

    private(set) var state = State.idle
    /// Failures since the last sound connection.
    private(set) var failures = 0

    /// Goes on to the next state.
    ///
    /// - Parameters:
    ///   - now: the loop's clock in milliseconds.
    ///   - jitter: a random number from 0 to 1.
    /// - Returns: what is to be done. An event that does not belong to the state is too late, and ignored.
    mutating func handle(_ event: Event, now: UInt64, jitter: Double) -> Action? {
        switch (state, event) {
        case (.closed, _):
            return nil
        case (_, .close):
            state = .closed
            return nil

        case (.idle, .start), (.backingOff, .waited):
            state = .connecting
            return .connect
        case (.connecting, .connected):
            state = .ready(since: now)
            return nil
        case (.ready(let since), .failed) where now - since >= Self.soundAfter:
            failures = 0
            state = .connecting
            return .connect
        case (.connecting, .failed), (.ready, .failed):
            failures += 1
            state = .backingOff
            return .wait(backoff(jitter))

        default:
            return nil
        }
    }

    /// Doubles from 40 ms with each failure; jitter takes up to a half of it away, so that the workers of many
    /// instances do not come back in step.
    private func backoff(_ jitter: Double) -> UInt64 {
        let full = min(Self.shortestWait << UInt64(min(failures, 10)), Self.longestWait)
        return full / 2 + UInt64(Double(full / 2) * jitter)
    }
}
