internal import Model

// The rules by which a loaded value is known to have every write of a tag. docs/freshness.md says why they are right, and
// Models/freshness.pml is searched for a case in which they are not.
extension TagState {
    /// Whether a value has all writes that were acknowledged before this state was looked at, given that it was loaded **after**.
    func isCurrent(loadedWith evidence: ReadEvidence) -> Bool {
        switch self {
        // While a token stands nobody has announced himself since it was made.
        case .token: true
        case .mark(let mark):
            mark.writers.areFinished(in: evidence.snapshot) && (mark.stamp != nil || evidence.isQuiet)
        case .placeholder: evidence.isQuiet
        case .absent: false
        }
    }

    /// The same for a value that was loaded **before** the state was looked at; nil if the state does not tell.
    func isCurrent(loadedBefore snapshot: TransactionSnapshot) -> Bool? {
        switch self {
        case .token(_, let stamp): return snapshot.hasFinishedAll(below: stamp)
        case .mark(let mark):
            guard let stamp = mark.stamp else { return nil }
            return snapshot.hasFinishedAll(below: stamp) && mark.writers.areFinished(in: snapshot)
        case .placeholder, .absent: return nil
        }
    }

    /// What takes its place when a value that was loaded after it is not current, so that the next load knows for whom to wait; nil
    /// if it stays.
    func waiting(after evidence: ReadEvidence) -> TagState? {
        guard let running = evidence.writers else { return nil }
        switch self {
        case .placeholder(let random):
            return .mark(Mark(origin: random, stamp: evidence.snapshot.next, writers: .only(running)).bounded)
        case .mark(let mark) where mark.stamp == nil:
            guard case .only(let ids) = mark.writers else { return nil }
            let all = ids + running.filter { !ids.contains($0) }
            return .mark(Mark(origin: mark.origin, stamp: evidence.snapshot.next, writers: .only(all)).bounded)
        default: return nil
        }
    }
}

extension Mark {
    /// The same with no more writers in a list than are listed.
    fileprivate var bounded: Mark {
        guard case .only(let ids) = writers, ids.count > Self.maximumListed else { return self }
        return Mark(origin: origin, stamp: stamp, writers: .upTo(ids.max()!))
    }
}

extension Mark.Writers {
    /// Whether none of them can commit any more, and what they committed is seen with this snapshot.
    func areFinished(in snapshot: TransactionSnapshot) -> Bool {
        switch self {
        case .only(let ids): ids.allSatisfy(snapshot.hasFinished)
        case .upTo(let last): snapshot.hasFinishedAll(below: last + 1)
        }
    }
}
