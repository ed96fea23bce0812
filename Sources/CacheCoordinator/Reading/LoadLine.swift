internal import Model

/// The load of one key that is under way, and those who wait for it.
///
/// Who waits does not take its value, which may have been read before a write that is acknowledged by now. When it is over and was
/// kept, they look again and find it, if it is still valid. If it was not kept, they share one load that begins then: after
/// all of them came. So a thousand readers of a cold value load it once, and a thousand that come while a writer runs twice.
struct LoadLine {
    private var running: Load?
    private var next: Load?

    var isEmpty: Bool { running == nil }

    /// What a request has to do.
    enum Turn {
        /// Run this load now.
        case run(Load)
        /// Wait for this one, and do what it says.
        case wait(Load)
    }

    /// - Parameters:
    ///   - canLookAgain: whether a value that was kept meanwhile will do.
    ///   - deadline: when a load of its own is too late.
    mutating func enter(canLookAgain: Bool, asksWhoWrites: Bool, deadline: UInt64) -> Turn {
        guard running != nil else {
            let load = Load(asksWhoWrites: asksWhoWrites, deadline: deadline)
            running = load
            return .run(load)
        }
        let load = next ?? Load(asksWhoWrites: asksWhoWrites, deadline: deadline)
        next = load
        load.canLookAgain = load.canLookAgain && canLookAgain
        return .wait(load)
    }

    /// Ends the load that runs.
    ///
    /// - Parameter isKept: whether who looks again may find it.
    mutating func finish(isKept: Bool) {
        running = nil
        guard let waiting = next else { return }
        next = nil
        if isKept, waiting.canLookAgain {
            waiting.lookAgain()
        } else {
            running = waiting
            waiting.begin()
        }
    }
}

/// One load of a value, and those who share it.
final class Load {
    /// What one who waited has to do.
    enum Outcome {
        /// Look whether the value is there now.
        case lookAgain
        /// Run the load, for all who wait.
        case lead
        /// Take this. It was read after everybody had come who waited.
        case take(Loaded)
        /// It failed.
        case fail(any Error)
    }

    /// Whether it has to tell who writes.
    let asksWhoWrites: Bool
    /// When it is too late, in milliseconds of the loop's clock.
    let deadline: UInt64
    var canLookAgain = true
    private var waiting: [UnsafeContinuation<Outcome, Never>] = []
    /// What all are told who come from now on.
    private var settled: Outcome?
    /// Whether the next who comes has to run it.
    private var wantsLeader = false

    init(asksWhoWrites: Bool, deadline: UInt64) {
        self.asksWhoWrites = asksWhoWrites
        self.deadline = deadline
    }

    func outcome() async -> Outcome {
        await withUnsafeContinuation { continuation in
            // Only here: the runtime may have interrupted the task on its way to this place.
            if let settled {
                continuation.resume(returning: settled)
            } else if wantsLeader {
                wantsLeader = false
                continuation.resume(returning: .lead)
            } else {
                waiting.append(continuation)
            }
        }
    }

    func lookAgain() { settle(.lookAgain) }

    /// It is its turn: the first of those who wait runs it.
    func begin() {
        if waiting.isEmpty { wantsLeader = true } else { waiting.removeFirst().resume(returning: .lead) }
    }

    func finish(_ result: Result<Loaded, any Error>) {
        switch result {
        case .success(let loaded): settle(.take(loaded))
        case .failure(let error): settle(.fail(error))
        }
    }

    private func settle(_ outcome: Outcome) {
        settled = outcome
        let all = waiting
        waiting = []
        for continuation in all { continuation.resume(returning: outcome) }
    }
}

/// What a store returned, the tags that its reads recorded, and what it knew then.
struct Loaded {
    /// Nil if there is no such value.
    var encoded: Encoded?
    var tags: [Tag]
    var evidence: ReadEvidence?
}
