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
    /// Asks the store who writes, and what is finished after that.
    private let evidence: (_ deadline: UInt64) async throws -> ReadEvidence
    let report: (FreshnessViolation) -> Void
    private var memory: EntryMemory
    private var lines: [String: LoadLine] = [:]
    var counters = CacheStatistics()

    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - evidence: asks the store that is read through it; see ``Model/Store/evidence(deadline:)``.
    ///   - report: told of what an audit found.
    public init(
        _ backend: any CacheBackend, policy: CachePolicy, now: @escaping () -> Int64,
        report: @escaping (FreshnessViolation) -> Void = { _ in },
        evidence: @escaping (_ deadline: UInt64) async throws -> ReadEvidence
    ) {
        self.backend = backend
        self.policy = policy
        self.now = now
        self.evidence = evidence
        self.report = report
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
        try await readOrStale(key, of: resource, mayBeAbsent: true, tags: tags, context, load: load)
    }

    /// Reads a value that there always is, such as a list: an entry which says that there is nothing is none of it.
    public func readPresent(
        _ key: String, of resource: String, tags: () -> [Tag], _ context: ReadContext,
        load: (ReadContext) async throws -> Encoded
    ) async throws -> Encoded {
        // What comes from the backend was looked at, and `load` returns a value.
        try await readOrStale(key, of: resource, mayBeAbsent: false, tags: tags, context, load: load)!
    }

    /// Serves what was valid a moment ago, if that is wanted, when the store cannot be reached.
    private func readOrStale(
        _ key: String, of resource: String, mayBeAbsent: Bool, tags: () -> [Tag], _ context: ReadContext,
        load: (ReadContext) async throws -> Encoded?
    ) async throws -> Encoded? {
        do {
            return try await read(key, of: resource, mayBeAbsent: mayBeAbsent, tags: tags, context, load: load)
        } catch DomainError.unavailable(let seconds) {
            let time = now()
            guard policy.staleIfError > 0, !context.demand.passesCache, let entry = memory.entry(key),
                time - entry.validated <= policy.staleIfError, mayBeAbsent || entry.encoded != nil
            else { throw DomainError.unavailable(retryAfterSeconds: seconds) }
            note(.unverified(secondsLeft: Int((entry.expires - time) / 1000)), context)
            return served(entry, .unasked, of: key, at: time, context)
        }
    }

    private func read(
        _ key: String, of resource: String, mayBeAbsent: Bool, tags: () -> [Tag], _ context: ReadContext,
        load: (ReadContext) async throws -> Encoded?
    ) async throws -> Encoded? {
        let start = now()
        var machine = ReadMachine(key, mayBeAbsent: mayBeAbsent, context.demand, start: start)
        var action = machine.begin(own: memory.entry(key), freshnessBound: policy.freshnessBound, known: tags)
        var loaded: Loaded?
        // Others wait until it is known whether what this read loads is kept.
        var isLoading = false
        defer { endLoad(of: key, if: &isLoading) }
        while true {
            switch action {
            case .serve(let entry, let standing):
                if standing != .unasked, isAudited { try await audit(entry, key, context, load) }
                let secondsLeft = Int((entry.expires - start) / 1000)
                note(machine.hasWaited ? .collapsed : .hit(secondsLeft: secondsLeft), context)
                return served(entry, standing, of: key, at: start, context)
            case .look(let tags, let sought): action = await look(at: tags, sought, &machine)
            case .place(let tags): action = await place(on: tags, &machine)
            case .forget:
                memory.remove(key)
                action = machine.forgot()
            case .load(let asksWhoWrites, let canLookAgain):
                endLoad(of: key, if: &isLoading)
                switch try await self.load(key, asksWhoWrites: asksWhoWrites, canLookAgain: canLookAgain, context, load) {
                case .lookAgain:
                    action = machine.waited(own: memory.entry(key))
                case .value(let value, let isOurs):
                    isLoading = isOurs
                    loaded = value
                    action = machine.loaded(value, isOurs: isOurs, known: tags)
                }
            case .confirm:
                action = machine.confirmed(try await evidence(context.deadline))
            case .finish(let finding, let outcome):
                guard let loaded else { preconditionFailure("a read ended with a value that nobody loaded") }
                if let finding { keep(loaded.encoded, key, resource, finding, validated: start) }
                endLoad(of: key, if: &isLoading, isKept: finding?.kept != nil)
                context.depend(on: loaded.tags)
                note(outcome, context)
                return loaded.encoded
            case .passThrough(let outcome):
                endLoad(of: key, if: &isLoading)
                return try await passThrough(key, outcome, context, load)
            case .refuse:
                throw DomainError.notCached
            }
        }
    }

    private func look(at tags: [Tag], _ key: String?, _ machine: inout ReadMachine) async -> ReadMachine.Action {
        let unusable = machine.unusable
        defer { counters.unusable += machine.unusable - unusable }
        do throws(CacheUnavailable) {
            return machine.looked(try await backend.look(at: tags, entry: key))
        } catch {
            return machine.failed(error)
        }
    }

    private func place(on tags: [Tag], _ machine: inout ReadMachine) async -> ReadMachine.Action {
        do throws(CacheUnavailable) {
            return machine.placed(try await backend.place(on: tags))
        } catch {
            return machine.failed(error)
        }
    }

    private func served(
        _ entry: Entry, _ standing: ReadMachine.Standing, of key: String, at start: Int64, _ context: ReadContext
    ) -> Encoded? {
        if standing == .found { memory.insert(entry, key) }
        if standing != .unasked { entry.validated = start }
        context.depend(on: entry.tags)
        guard entry.encoded?.lacks(context.coding) == true else { return entry.encoded }
        let coded = entry.with(context.coding)
        if memory.entry(key) === entry { memory.insert(coded, key) }
        return coded.encoded
    }

    private func note(_ outcome: CacheOutcome, _ context: ReadContext) {
        context.outcome = outcome
        switch outcome {
        case .hit: counters.hits += 1
        case .unverified: counters.unverified += 1
        case .stored: counters.stored += 1
        case .collapsed: counters.collapsed += 1
        case .request: counters.requested += 1
        case .bypass: counters.bypassed += 1
        }
    }

    /// Tells the backend what was found out, and keeps the value if it may be.
    ///
    /// - Parameter validated: no later than when the tags were looked at. They may have changed since, if the load took long.
    private func keep(_ encoded: Encoded?, _ key: String, _ resource: String, _ finding: Finding, validated: Int64) {
        var fill = CacheFill(keyspace: finding.keyspace, changes: finding.changes, entry: nil)
        if let (tags, tokens) = finding.kept {
            let lifetime = policy.lifetime(of: resource)
            let entry = Entry(
                encoded, tags: tags, tokens: tokens, expires: now() + Int64(lifetime), validated: validated)
            memory.insert(entry, key)
            fill.entry = (key, entry.bytes(under: key), lifetime)
        }
        backend.fill(fill)
    }
}

// Loads, which several reads share.
extension Cache {
    private enum Turn {
        case lookAgain
        case value(Loaded, isOurs: Bool)
    }

    /// Loads the value, or waits for a load that is under way. One that is ours runs until ``endLoad(of:isKept:)``.
    private func load(
        _ key: String, asksWhoWrites: Bool, canLookAgain: Bool, _ context: ReadContext,
        _ load: (ReadContext) async throws -> Encoded?
    ) async throws -> Turn {
        let turn = lines[key, default: LoadLine()].enter(
            canLookAgain: canLookAgain, asksWhoWrites: asksWhoWrites, deadline: context.deadline)
        switch turn {
        case .run(let ours): return .value(try await run(ours, key, context, load), isOurs: true)
        case .wait(let other):
            switch await other.outcome() {
            case .lookAgain: return .lookAgain
            case .lead: return .value(try await run(other, key, context, load), isOurs: true)
            case .take(let loaded): return .value(loaded, isOurs: false)
            case .fail(DomainError.deadlineExceeded) where other.deadline < context.deadline:
                // Its time was over; ours is not.
                return try await self.load(
                    key, asksWhoWrites: asksWhoWrites, canLookAgain: canLookAgain, context, load)
            case .fail(let error): throw error
            }
        }
    }

    private func run(
        _ ours: Load, _ key: String, _ context: ReadContext, _ load: (ReadContext) async throws -> Encoded?
    ) async throws -> Loaded {
        counters.loads += 1
        let reading = ReadContext(deadline: context.deadline, asksWhoWrites: ours.asksWhoWrites)
        do {
            let encoded = try await load(reading)?.with(context.coding)
            let loaded = Loaded(encoded: encoded, tags: reading.tags, evidence: reading.evidence)
            ours.finish(.success(loaded))
            return loaded
        } catch {
            ours.finish(.failure(error))
            endLoad(of: key, isKept: false)
            throw error
        }
    }

    private func endLoad(of key: String, if isLoading: inout Bool, isKept: Bool = false) {
        guard isLoading else { return }
        isLoading = false
        endLoad(of: key, isKept: isKept)
    }

    private func endLoad(of key: String, isKept: Bool) {
        lines[key]!.finish(isKept: isKept)  // it is there while a load runs
        if lines[key]!.isEmpty { lines[key] = nil }
    }

    private func passThrough(
        _ key: String, _ outcome: CacheOutcome, _ context: ReadContext,
        _ load: (ReadContext) async throws -> Encoded?
    ) async throws -> Encoded? {
        note(outcome, context)
        guard
            case .value(let loaded, let isOurs) = try await self.load(
                key, asksWhoWrites: false, canLookAgain: false, context, load)
        else { preconditionFailure("one who cannot look again was told to") }
        if isOurs { endLoad(of: key, isKept: false) }
        context.depend(on: loaded.tags)
        return loaded.encoded
    }
}
