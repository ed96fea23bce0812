internal import CacheCoordinator
internal import EventLoop
internal import Model

/// All the looks of one turn of the loop: the distinct keys that they ask for, and who asked.
final class LookBatch: ReplyHandler {
    typealias Continuation = UnsafeContinuation<Result<CacheLook, CacheUnavailable>, Never>

    private struct Caller {
        var continuation: Continuation
        var tagCount: Int
        /// The number of its entry among the distinct ones.
        var entry: Int?
    }

    private let limits: RedisLimits
    private let meter: RedisMeter
    /// Called when the batch is empty again and may gather anew.
    private var onFinished: (LookBatch) -> Void = { _ in }

    /// Where all its callers look.
    private(set) var keys: RedisKeys?
    private var tags = KeySet()
    private var entries = KeySet()
    private var callers: [Caller] = []
    /// The numbers of the callers' tags among the distinct ones, one caller's after the other's.
    private var tagNumbers: [UInt32] = []

    /// How many values each reply has to have, and how many of the replies are still to come.
    private var valueCounts: [Int] = []
    private var missingReplies = 0
    private var states: [TagState] = []
    private var contents: [[UInt8]?] = []
    private var refusal: CacheUnavailable?
    private var sentAt: UInt64 = 0

    init(limits: RedisLimits, meter: RedisMeter) {
        self.limits = limits
        self.meter = meter
    }

    /// Begins to gather what is looked up under these keys.
    func begin(_ keys: RedisKeys, onFinished: @escaping (LookBatch) -> Void) {
        self.keys = keys
        self.onFinished = onFinished
    }

    /// Adds a caller.
    func add(_ tags: [Tag], _ entry: String?, _ continuation: Continuation) {
        guard let keys else { preconditionFailure("a batch gathers that was not begun") }
        for tag in tags { tagNumbers.append(UInt32(self.tags.insert(tag.name, prefix: keys.tags))) }
        let entryNumber = entry.map { entries.insert($0, prefix: keys.entries) }
        callers.append(Caller(continuation: continuation, tagCount: tags.count, entry: entryNumber))
    }

    // MARK: Sending

    /// Sends what was gathered: one `MGET`, or several if it exceeds the limits of one.
    func send(on connection: RedisConnection) {
        var tag = 0
        var entry = 0
        repeat {
            let tagRange = tag..<min(tag + limits.tagsPerLook, tags.count)
            tag = tagRange.upperBound
            // Entries begin in the command that has the last tags.
            let entryRange = entry..<(tag < tags.count ? entry : min(entry + limits.entriesPerLook, entries.count))
            entry = entryRange.upperBound
            connection.output.appendArrayHeader(1 + tagRange.count + entryRange.count)
            connection.output.appendBulk("MGET")
            connection.output.append(tags.bulkStrings(tagRange))
            connection.output.append(entries.bulkStrings(entryRange))
            connection.expect(self)
            valueCounts.append(tagRange.count + entryRange.count)
            missingReplies += 1
        } while tag < tags.count || entry < entries.count
        sentAt = SystemClock.monotonic
        meter.counters.looks += callers.count
        meter.counters.keysAsked += tagNumbers.count + callers.count { $0.entry != nil }
        meter.counters.keysFetched += tags.count + entries.count
        meter.counters.lookCommands += missingReplies
        meter.counters.lookRoundTrips += 1
    }

    // MARK: Receiving

    func received(_ reply: Reply) {
        let count = valueCounts[valueCounts.count - missingReplies]
        if let message = reply.error {
            refusal = .refused(message)
        } else if reply.root.kind != .array || reply.root.count != count || reply.nodes.count != 1 + count {
            refusal = .refused("it returned something else than the \(count) values that it was asked for")
        }
        for node in reply.nodes.dropFirst() {
            if states.count < tags.count {
                states.append(Self.state(node, in: reply))
            } else {
                contents.append(node.kind == .text ? [UInt8](reply.content(of: node)) : nil)
            }
        }
        missingReplies -= 1
        if missingReplies == 0 { answer() }
    }

    func failed(_ failure: RedisFailure) { refuse(failure.unavailable) }

    func refuse(_ reason: CacheUnavailable) {
        finish { _ in .failure(reason) }
    }

    private static func state(_ node: ReplyNode, in reply: Reply) -> TagState {
        // What was not written by us says nothing of the tag.
        node.kind == .text ? TagState(text: reply.content(of: node)) ?? .absent : .absent
    }

    private func answer() {
        meter.counters.lookRoundTripNanoseconds += SystemClock.monotonic - sentAt
        guard refusal == nil, states.count == tags.count, contents.count == entries.count, let keyspace = keys?.keyspace else {
            let failure = refusal ?? .unreachable
            return finish { _ in .failure(failure) }
        }
        var next = 0
        finish { caller in
            let numbers = tagNumbers[next..<next + caller.tagCount]
            next += caller.tagCount
            return .success(
                CacheLook(
                    keyspace: keyspace, tags: numbers.map { states[Int($0)] }, entry: caller.entry.flatMap { contents[$0] }))
        }
    }

    /// Answers all callers and empties the batch.
    private func finish(_ result: (Caller) -> Result<CacheLook, CacheUnavailable>) {
        for caller in callers { caller.continuation.resume(returning: result(caller)) }
        callers.removeAll(keepingCapacity: true)
        tagNumbers.removeAll(keepingCapacity: true)
        states.removeAll(keepingCapacity: true)
        contents.removeAll(keepingCapacity: true)
        tags.removeAll()
        entries.removeAll()
        keys = nil
        refusal = nil
        valueCounts.removeAll(keepingCapacity: true)
        missingReplies = 0
        onFinished(self)
    }
}
