public import Model

/// A worker's cache: its own memory, and a backend that all share.
///
/// It serves an entry only if every tag of it has the token that the entry carries, asked for after the request came
/// (docs/freshness.md). Whatever fails in the cache, the read goes on without it.
public final class Cache {
    public let backend: any CacheBackend
    let policy: CachePolicy
    /// Milliseconds since 1970.
    let now: () -> Int64
    private var memory: EntryMemory
    private var lines: [String: LoadLine] = [:]
    var counters = CacheStatistics()

    /// How often a read begins again because its tags turned out to be others than those it captured.
    private static let maximumAttempts = 3

    public init(_ backend: any CacheBackend, policy: CachePolicy, now: @escaping () -> Int64) {
        self.backend = backend
        self.policy = policy
        self.now = now
        memory = EntryMemory(capacity: policy.memoryBytes)
    }

    public var statistics: CacheStatistics {
        var statistics = counters
        statistics.memoryEntries = memory.count
        statistics.memoryBytes = memory.bytes
        statistics.memoryEvictions = memory.evictions
        return statistics
    }

    /// Reads the value of `key`: from this worker's memory, from the backend, or by `load`.
    ///
    /// - Parameters:
    ///   - key: unique among all values of the service.
    ///   - resource: settles how long an entry lives.
    ///   - tags: the tags that are known before the load. Those that the load records are added.
    ///   - context: what the client asks of the cache; receives what became of the read.
    ///   - load: reads the value from the store; nil if there is none, which is cached like a value.
    /// - Returns: the value; nil if there is none.
    public func read(
        _ key: String, of resource: String, tags: () -> [Tag], _ context: ReadContext,
        load: (ReadContext) async throws -> Encoded?
    ) async throws -> Encoded? {
        try await read(key, of: resource, mayBeAbsent: true, tags: tags, context, load: load)
    }

    /// Reads a value that there always is, such as a list: an entry which says that there is nothing is none of it.
    public func readPresent(
        _ key: String, of resource: String, tags: () -> [Tag], _ context: ReadContext,
        load: (ReadContext) async throws -> Encoded
    ) async throws -> Encoded {
        // What comes from the backend was looked at, and `load` returns a value.
        try await read(key, of: resource, mayBeAbsent: false, tags: tags, context, load: load)!
    }

    private func read(
        _ key: String, of resource: String, mayBeAbsent: Bool, tags: () -> [Tag], _ context: ReadContext,
        load: (ReadContext) async throws -> Encoded?
    ) async throws -> Encoded? {
        let demand = context.demand
        if demand.passesCache {
            guard !demand.onlyIfCached else { throw DomainError.notCached }
            if demand.isNotStored { return try await passThrough(key, .request, context, load) }
        }
        let start = now()
        var sought = Sought(
            key: key, mayBeAbsent: mayBeAbsent, tags: [], entry: memory.entry(key), start: start, isPassed: demand.fromStore)
        if let entry = sought.entry {
            let age = start - entry.validated
            sought.tags = entry.tags
            if demand.fromStore || start >= entry.expires {
                sought.entry = nil
            } else if age >= 0, age < demand.unaskedMilliseconds(policy.freshnessBound) {
                return hit(entry, of: key, at: start, context)
            }
        } else {
            sought.tags = tags()
        }
        for _ in 1...Self.maximumAttempts {
            switch await validate(&sought) {
            case .hit(let entry):
                entry.validated = start
                return hit(entry, of: key, at: start, context)
            case .bypass where demand.onlyIfCached, .load where demand.onlyIfCached:
                throw DomainError.notCached
            case .bypass(let reason):
                return try await passThrough(key, demand.fromStore ? .request : .bypass(reason), context, load)
            case .load(let captured):
                let (loaded, isOurs) = try await self.load(key, captured, context, load)
                let missing = loaded.tags.filter { !captured.tags.contains($0) }
                if missing.isEmpty {
                    context.depend(on: loaded.tags)
                    if isOurs {
                        // What the value depended on before, and does not now, is forgotten.
                        fill(key, resource, loaded.encoded, captured.narrowed(to: loaded.tags + tags()), validated: start)
                    }
                    note(demand.fromStore ? .request : isOurs ? .stored : .collapsed, context)
                    return loaded.encoded
                }
                // Their tokens have to be captured before the load, so the value is loaded again.
                sought.tags += missing
            }
        }
        return try await passThrough(key, demand.fromStore ? .request : .bypass(.changing), context, load)
    }

    /// What is looked for.
    private struct Sought {
        let key: String
        /// Whether it may be that there is no value.
        let mayBeAbsent: Bool
        /// The tags that are known by now.
        var tags: [Tag]
        var entry: Entry?
        /// When the read began. What is found valid was valid then or later.
        let start: Int64
        /// Whether no entry will do.
        let isPassed: Bool
        var needsEntry: Bool { entry == nil && !isPassed }
    }

    private enum Validation {
        case hit(Entry)
        case bypass(CacheOutcome.Bypass)
        case load(Captured)
    }

    /// Asks the backend whether the entry is valid, and for the entry if this worker has none.
    private func validate(_ sought: inout Sought) async -> Validation {
        let isOwn = sought.entry != nil
        do throws(CacheUnavailable) {
            var look = try await backend.look(at: sought.tags, entry: sought.needsEntry ? sought.key : nil)
            if let bytes = look.entry, let entry = entry(in: bytes, for: sought), entry.expires > sought.start {
                if entry.tags != sought.tags {
                    sought.tags = entry.tags + sought.tags.filter { !entry.tags.contains($0) }
                    look = try await backend.look(at: sought.tags, entry: nil)
                }
                if entry.isValid(under: look.tags) { memory.insert(entry, sought.key) }
                sought.entry = entry
            }
            var decision = ReadDecision(entry: sought.entry, states: look.tags)
            // What was found to be invalid is not served to those either who would take a stale value without asking.
            if isOwn, decision != .serve, decision != .passThrough { memory.remove(sought.key) }
            if isOwn, case .load = decision {
                // Another worker may have stored the value anew, and asking for that costs less than a load.
                sought.entry = nil
                return await validate(&sought)
            }
            if decision == .createTokens {
                look = try await backend.createTokens(for: sought.tags)
                decision = ReadDecision(entry: nil, states: look.tags)
            }
            switch decision {
            case .serve: return .hit(sought.entry!)
            case .passThrough: return .bypass(.writeInFlight)
            case .createTokens: return .bypass(.changing)  // evicted as soon as they were created
            case .load(let tokens):
                sought.entry = nil
                return .load(Captured(keyspace: look.keyspace, tags: sought.tags, tokens: tokens))
            }
        } catch {
            return .bypass(error == .holdOff ? .holdOff : .unreachable)
        }
    }

    /// The entry that the backend returned. What is none is counted, and replaced by the next that is stored.
    private func entry(in bytes: [UInt8], for sought: Sought) -> Entry? {
        if let entry = Entry(bytes: bytes, under: sought.key, now: sought.start), sought.mayBeAbsent || entry.encoded != nil {
            return entry
        }
        counters.unusable += 1
        return nil
    }

    private func hit(_ entry: Entry, of key: String, at time: Int64, _ context: ReadContext) -> Encoded? {
        context.depend(on: entry.tags)
        note(.hit(secondsLeft: Int((entry.expires - time) / 1000)), context)
        guard entry.encoded?.lacks(context.coding) == true else { return entry.encoded }
        let coded = entry.with(context.coding)
        if memory.entry(key) === entry { memory.insert(coded, key) }
        return coded.encoded
    }

    private func note(_ outcome: CacheOutcome, _ context: ReadContext) {
        context.outcome = outcome
        switch outcome {
        case .hit: counters.hits += 1
        case .stored: counters.stored += 1
        case .collapsed: counters.collapsed += 1
        case .request: counters.requested += 1
        case .bypass: counters.bypassed += 1
        }
    }

    private func passThrough(
        _ key: String, _ outcome: CacheOutcome, _ context: ReadContext,
        _ load: (ReadContext) async throws -> Encoded?
    ) async throws -> Encoded? {
        note(outcome, context)
        let loaded = try await self.load(key, nil, context, load).loaded
        context.depend(on: loaded.tags)
        return loaded.encoded
    }

    /// - Parameter validated: no later than when the tokens were read. They may be dead by now, if the load took long.
    private func fill(
        _ key: String, _ resource: String, _ encoded: Encoded?, _ captured: Captured, validated: Int64
    ) {
        let lifetime = policy.lifetime(of: resource)
        let entry = Entry(
            encoded, tags: captured.tags, tokens: captured.tokens, expires: now() + Int64(lifetime), validated: validated)
        memory.insert(entry, key)
        backend.store(entry.bytes(under: key), under: key, lifetime: lifetime, in: captured.keyspace)
    }

    /// Loads the value, or takes that of a load which this request may join.
    private func load(
        _ key: String, _ captured: Captured?, _ context: ReadContext, _ load: (ReadContext) async throws -> Encoded?
    ) async throws -> (loaded: Loaded, isOurs: Bool) {
        let ours: Load
        let joinsRunning = !context.demand.fromStore
        switch lines[key, default: LoadLine()].enter(captured, joinsRunning: joinsRunning, deadline: context.deadline) {
        case .join(let other):
            do {
                return (try await other.result(), false)
            } catch DomainError.deadlineExceeded where other.deadline < context.deadline {
                // Its time was over; ours is not.
                return try await self.load(key, captured, context, load)
            }
        case .run(let load):
            ours = load
        case .runLater(let load):
            ours = load
            await load.turn()
        }
        counters.loads += 1
        let reading = ReadContext(deadline: context.deadline)
        let outcome: Result<Loaded, any Error>
        do {
            let encoded = try await load(reading)?.with(context.coding)
            outcome = .success(Loaded(encoded: encoded, tags: reading.tags))
        } catch {
            outcome = .failure(error)
        }
        ours.finish(outcome)
        lines[key]!.finish(ours)?.begin()
        if lines[key]!.isEmpty { lines[key] = nil }
        return (try outcome.get(), true)
    }
}
