internal import Model

/// The loads of one key that are under way, and who may take their results.
///
/// A request may take the result of a load that began before it only if the tokens it read equal those that the load
/// captured: otherwise a write has been acknowledged in between. All others share a load that begins after them. So at
/// most two loads of one key run at a time, and one more waits, whatever the number of requests.
struct LoadLine {
    /// How many loads of one key run at a time.
    static let maximumRunning = 2

    private var running: [Load] = []
    private var waiting: Load?

    var isEmpty: Bool { running.isEmpty && waiting == nil }

    /// What a request has to do.
    enum Turn {
        /// Take the result of this load.
        case join(Load)
        /// Run this load now.
        case run(Load)
        /// Run this load when ``LoadLine/finish(_:)`` says so.
        case runLater(Load)
    }

    /// - Parameters:
    ///   - captured: the tokens that the request read; nil if it must not take what began before it.
    ///   - joinsRunning: whether it may take what began before it, if the tokens allow that.
    ///   - deadline: when a load of its own is too late.
    mutating func enter(_ captured: Captured?, joinsRunning: Bool = true, deadline: UInt64 = .max) -> Turn {
        if joinsRunning, let captured, let load = running.first(where: { $0.captured == captured }) { return .join(load) }
        if let waiting {
            waiting.captured = captured  // it begins after this request too, so the newest tokens are as right
            return .join(waiting)
        }
        let load = Load(captured, deadline: deadline)
        if running.count < Self.maximumRunning {
            running.append(load)
            return .run(load)
        }
        waiting = load
        return .runLater(load)
    }

    /// Ends a load.
    ///
    /// - Returns: the load that runs now in its place.
    mutating func finish(_ load: Load) -> Load? {
        running.removeAll { $0 === load }
        guard let next = waiting else { return nil }
        waiting = nil
        running.append(next)
        return next
    }
}

/// The tags on which a value is known to depend, with the tokens that were current before it was loaded.
struct Captured: Equatable {
    var keyspace: Keyspace
    var tags: [Tag]
    var tokens: [VersionToken]

    /// Without the tags that are not among `others`.
    func narrowed(to others: [Tag]) -> Captured {
        let kept = Set(others)
        guard !tags.allSatisfy(kept.contains) else { return self }
        let indices = tags.indices.filter { kept.contains(tags[$0]) }
        return Captured(keyspace: keyspace, tags: indices.map { tags[$0] }, tokens: indices.map { tokens[$0] })
    }
}

/// One load of a value, and those who wait for it.
final class Load {
    var captured: Captured?
    /// When it is too late, in milliseconds of the loop's clock.
    let deadline: UInt64
    private var outcome: Result<Loaded, any Error>?
    private var waiting: [UnsafeContinuation<Void, Never>] = []
    private var start: UnsafeContinuation<Void, Never>?

    init(_ captured: Captured?, deadline: UInt64 = .max) {
        self.captured = captured
        self.deadline = deadline
    }

    /// Waits until it is this load's turn.
    func turn() async {
        await withUnsafeContinuation { start = $0 }
    }

    func begin() {
        start?.resume()
        start = nil
    }

    /// Waits for the result.
    func result() async throws -> Loaded {
        if outcome == nil { await withUnsafeContinuation { waiting.append($0) } }
        return try outcome!.get()
    }

    func finish(_ outcome: Result<Loaded, any Error>) {
        self.outcome = outcome
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}

/// What a store returned, and the tags that its reads recorded.
struct Loaded {
    /// Nil if there is no such value.
    var encoded: Encoded?
    var tags: [Tag]
}
