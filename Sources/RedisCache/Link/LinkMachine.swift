/// When to connect, to wait and to serve: the connection's life and the circuit breaker in one, as a value.
///
/// While it is not ``State/ready(since:)`` nobody waits for Redis. Every failure counts, whatever its kind; the
/// probe that closes the circuit again is the handshake itself.
struct LinkMachine: Equatable {
    enum State: Equatable {
        /// Not started.
        case idle
        /// An attempt to connect, with its handshake, is under way.
        case connecting
        /// Connected; the registrar was asked how long the keyspace's hold-off lasts.
        case registering
        /// Connected; the registrar failed and will be asked again.
        case awaitingRegistrar
        /// Connected; reads pass through until the writers of the keyspace before are gone.
        case holdingOff
        case ready(since: UInt64)
        /// Not connected, until the next attempt.
        case backingOff
        case closed
    }

    enum Event: Equatable {
        case start
        /// The handshake is complete.
        case connected
        /// The registrar's answer in milliseconds.
        case registered(holdOff: UInt64)
        case registrationFailed
        /// The wait that was asked for is over.
        case waited
        /// The attempt failed, or the connection broke.
        case failed
        case close
    }

    enum Action: Equatable {
        case connect
        case register
        /// Send ``Event/waited`` after so many milliseconds, unless another event comes first.
        case wait(UInt64)
    }

    /// A connection that lasted so many milliseconds was sound; when it breaks the next attempt is made at once.
    static let soundAfter: UInt64 = 1_000
    static let shortestWait: UInt64 = 20
    static let longestWait: UInt64 = 500

    private(set) var state = State.idle
    /// Failures since the last sound connection, or of the registrar.
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
        case (.connecting, .connected), (.awaitingRegistrar, .waited):
            state = .registering
            return .register
        case (.registering, .registered(let holdOff)) where holdOff > 0:
            state = .holdingOff
            // The loop's clock has whole milliseconds: one more makes sure that none is missing.
            return .wait(holdOff + 1)
        case (.registering, .registered), (.holdingOff, .waited):
            state = .ready(since: now)
            return nil
        case (.registering, .registrationFailed):
            failures += 1
            state = .awaitingRegistrar
            return .wait(backoff(jitter))

        case (.ready(let since), .failed) where now - since >= Self.soundAfter:
            failures = 0
            state = .connecting
            return .connect
        case (.connecting, .failed), (.registering, .failed), (.awaitingRegistrar, .failed), (.holdingOff, .failed),
            (.ready, .failed):
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
