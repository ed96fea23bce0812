internal import Model

/// One read through the cache, as a value: what happened goes in, what is to be done next comes out. It has no clock and does
/// nothing itself.
///
/// These are the rules of docs/freshness.md for readers, but for what becomes of loads that several share (``LoadLine``).
struct ReadMachine {
    /// What is to be done next, and by which event the machine hears of it; of a backend that fails by ``failed(_:)``.
    enum Action {
        /// Serve this entry. That is the end.
        case serve(Entry, Standing)
        /// Ask the backend for the states of these tags, and for the entry of a key if one is given: ``looked(_:)``.
        case look([Tag], entry: String?)
        /// Put placeholders on those of these tags of which nothing is known: ``placed(_:)``.
        case place([Tag])
        /// Drop the worker's own entry, which is not valid any more: ``forgot()``.
        case forget
        /// Load the value: ``loaded(_:isOurs:known:)``; or wait for a load that is under way: ``waited(own:)``.
        case load(asksWhoWrites: Bool, canLookAgain: Bool)
        /// Ask the store who writes, and for a snapshot after that: ``confirmed(_:)``.
        case confirm
        /// Serve the loaded value, with what the backend is told of it. That is the end.
        case finish(Finding?, CacheOutcome)
        /// Load the value and serve it, with the cache left alone. That is the end.
        case passThrough(CacheOutcome)
        /// Fail: the store is not to be asked. That is the end.
        case refuse
    }

    /// Why an entry may be served.
    enum Standing {
        /// It is the worker's own, and young enough to be served without asking.
        case unasked
        /// It is the worker's own, and its tags have its tokens.
        case own
        /// It came from the backend, and its tags have its tokens.
        case found
    }

    /// How often a value is loaded because it may lack writes of tags that it was found to depend on.
    private static let maximumLoads = 3

    private let key: String
    /// Whether it may be that there is no value.
    private let mayBeAbsent: Bool
    private let demand: CacheDemand
    /// When the read began, in milliseconds since 1970. What is found valid was valid then or later.
    private let start: Int64
    /// The tags that are known by now.
    private var tags: [Tag] = []
    private var entry: Entry?
    /// Whether the entry is the worker's own.
    private var isOwn = false
    /// Whether it waited for a load of somebody else.
    private(set) var hasWaited = false
    /// What was looked at before the load.
    private var captured: Sight?
    /// What was loaded, when it depends on tags that were not looked at before.
    private var pending: Loaded?
    /// Those tags.
    private var discovered: Sight?
    private var loads = 0
    /// What comes after the own entry was dropped.
    private var afterForgetting = Action.refuse
    /// How many entries of the backend were none that was stored under this key.
    private(set) var unusable = 0

    init(_ key: String, mayBeAbsent: Bool, _ demand: CacheDemand, start: Int64) {
        self.key = key
        self.mayBeAbsent = mayBeAbsent
        self.demand = demand
        self.start = start
    }

    // MARK: Events

    /// - Parameters:
    ///   - own: what the worker has in its memory.
    ///   - freshnessBound: for how many milliseconds it is served again without asking.
    ///   - known: the tags that are known before a load.
    mutating func begin(own: Entry?, freshnessBound: Int64, known: () -> [Tag]) -> Action {
        if demand.passesCache {
            if demand.onlyIfCached { return .refuse }
            if demand.isNotStored { return .passThrough(.request) }
        }
        guard let own else {
            tags = known()
            return seek()
        }
        tags = own.tags
        guard !demand.fromStore, start < own.expires else { return seek() }
        let age = start - own.validated
        if age >= 0, age < demand.unaskedMilliseconds(freshnessBound) { return .serve(own, .unasked) }
        entry = own
        isOwn = true
        return .look(tags, entry: nil)
    }

    mutating func looked(_ look: CacheLook) -> Action {
        if pending != nil { return sawDiscovered(look) }
        if entry == nil, let bytes = look.entry, let found = entry(in: bytes), found.expires > start {
            entry = found
            if found.tags != tags {
                tags = found.tags + tags.filter { !found.tags.contains($0) }
                return .look(tags, entry: nil)
            }
        }
        if let entry, entry.isValid(under: look.tags) { return .serve(entry, isOwn ? .own : .found) }
        // Another worker may have stored the value anew, and asking for that costs less than a load.
        if isOwn, look.tags.allSatisfy(\.isToken) { return forget(before: seek()) }
        if isOwn { return forget(before: look.tags.contains(.absent) ? .place(tags) : load(after: look)) }
        entry = nil
        return look.tags.contains(.absent) ? .place(tags) : load(after: look)
    }

    mutating func placed(_ look: CacheLook) -> Action {
        // They were evicted as soon as they were put.
        if look.tags.contains(.absent) { return pending == nil ? bypass(.changing) : .finish(nil, outcome(.bypass(.changing))) }
        return pending == nil ? load(after: look) : sawDiscovered(look)
    }

    /// The backend could not say it.
    func failed(_ failure: CacheUnavailable) -> Action {
        let reason = CacheOutcome.Bypass(failure)
        return pending == nil ? bypass(reason) : .finish(nil, outcome(.bypass(reason)))
    }

    mutating func forgot() -> Action { afterForgetting }

    /// A load of somebody else is over, whose value may be there now.
    mutating func waited(own: Entry?) -> Action {
        hasWaited = true
        captured = nil
        if let own {
            tags = own.tags
            entry = own
            isOwn = true
            return .look(tags, entry: nil)
        }
        return seek()
    }

    /// - Parameters:
    ///   - isOurs: whether this read loaded it, and did not take it from another.
    ///   - known: the tags that are known before a load.
    mutating func loaded(_ loaded: Loaded, isOurs: Bool, known: () -> [Tag]) -> Action {
        guard isOurs else { return .finish(nil, outcome(.collapsed)) }
        guard var captured else { preconditionFailure("a load ended that was not asked for") }
        // What the value depended on before, and does not now, is forgotten.
        captured.keep(loaded.tags + known())
        self.captured = captured
        guard let evidence = loaded.evidence, captured.states.allSatisfy({ $0.isCurrent(loadedWith: evidence) }) else {
            return .finish(Finding(waiting: captured, after: loaded.evidence), outcome(.bypass(.writeInFlight)))
        }
        pending = loaded
        let missing = loaded.tags.filter { !captured.tags.contains($0) }
        return missing.isEmpty ? keep() : .look(missing, entry: nil)
    }

    mutating func confirmed(_ evidence: ReadEvidence) -> Action {
        // Nobody writes, and nobody has finished since the load: it is as if it had been done now.
        evidence.writers == [] && evidence.snapshot == pending?.evidence?.snapshot ? keep() : loadAgain()
    }

    // MARK: Decisions

    private func seek() -> Action { .look(tags, entry: demand.fromStore ? nil : key) }

    /// What was found to be invalid is not served to those either who would take a stale value without asking.
    private mutating func forget(before next: Action) -> Action {
        isOwn = false
        entry = nil
        afterForgetting = next
        return .forget
    }

    private mutating func load(after look: CacheLook) -> Action {
        guard !demand.onlyIfCached else { return .refuse }
        captured = Sight(look.keyspace, tags, look.tags)
        return .load(asksWhoWrites: look.tags.contains(where: \.asksWhoWrites), canLookAgain: !demand.fromStore)
    }

    /// Tags that the load found: the value was loaded before they were looked at.
    private mutating func sawDiscovered(_ look: CacheLook) -> Action {
        guard let loaded = pending, let captured, let evidence = loaded.evidence else {
            preconditionFailure("tags were looked at that no load found")
        }
        let missing = loaded.tags.filter { !captured.tags.contains($0) }
        if look.tags.contains(.absent) { return .place(missing) }
        guard look.keyspace == captured.keyspace else { return .finish(nil, outcome(.bypass(.changing))) }
        discovered = Sight(look.keyspace, missing, look.tags)
        let verdicts = look.tags.map { $0.isCurrent(loadedBefore: evidence.snapshot) }
        if verdicts.contains(false) { return loadAgain() }
        return verdicts.contains(nil) ? .confirm : keep()
    }

    /// They are looked at before the next load, whose value then has their writes.
    private mutating func loadAgain() -> Action {
        loads += 1
        guard loads < Self.maximumLoads else { return .finish(nil, outcome(.bypass(.changing))) }
        tags += discovered?.tags ?? []
        pending = nil
        discovered = nil
        return .look(tags, entry: nil)
    }

    private func keep() -> Action {
        guard var sight = captured, let evidence = pending?.evidence else {
            preconditionFailure("a value is kept that was not loaded")
        }
        if let discovered { sight.append(discovered) }
        return .finish(Finding(keeping: sight, evidence.snapshot), outcome(hasWaited ? .collapsed : .stored))
    }

    private func outcome(_ outcome: CacheOutcome) -> CacheOutcome { demand.fromStore ? .request : outcome }

    private func bypass(_ reason: CacheOutcome.Bypass) -> Action {
        demand.onlyIfCached ? .refuse : .passThrough(outcome(.bypass(reason)))
    }

    /// The entry that the backend returned. What is none is counted, and replaced by the next that is stored.
    private mutating func entry(in bytes: [UInt8]) -> Entry? {
        if let entry = Entry(bytes: bytes, under: key, now: start), mayBeAbsent || entry.encoded != nil { return entry }
        unusable += 1
        return nil
    }
}

extension CacheOutcome.Bypass {
    fileprivate init(_ failure: CacheUnavailable) { self = failure == .closed ? .closed : .unreachable }
}
