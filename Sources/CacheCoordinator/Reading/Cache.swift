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
        let start = now()
        var machine = ReadMachine(key, mayBeAbsent: mayBeAbsent, context.demand, start: start)
        var action = machine.begin(own: memory.entry(key), freshnessBound: policy.freshnessBound, known: tags)
        var value: Encoded?
        while true {
            switch action {
            case .serve(let entry, let standing):
                if standing == .found { memory.insert(entry, key) }
                if standing != .unasked { entry.validated = start }
                return hit(entry, of: key, at: start, context)
            case .look(let tags, let sought):
                let unusable = machine.unusable
                do throws(CacheUnavailable) {
                    action = machine.looked(try await backend.look(at: tags, entry: sought))
                } catch {
                    action = machine.failed(error)
                }
                counters.unusable += machine.unusable - unusable
            case .createTokens(let tags):
                do throws(CacheUnavailable) {
                    action = machine.created(try await backend.createTokens(for: tags))
                } catch {
                    action = machine.failed(error)
                }
            case .forget:
                memory.remove(key)
                action = machine.forgot()
            case .load(let captured):
                let (loaded, isOurs) = try await self.load(key, captured, context, load)
                value = loaded.encoded
                action = machine.loaded(loaded, isOurs: isOurs, known: tags)
                if case .finish = action { context.depend(on: loaded.tags) }
            case .finish(let captured, let outcome):
                if let captured { fill(key, resource, value, captured, validated: start) }
                note(outcome, context)
                return value
            case .passThrough(let outcome):
                return try await passThrough(key, outcome, context, load)
            case .refuse:
                throw DomainError.notCached
            }
        }
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
