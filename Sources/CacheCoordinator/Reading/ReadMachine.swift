internal import Model

/// One cached read: what happened goes in, what is to be done next comes out. It has no clock and does nothing itself.
///
/// These are the rules of docs/freshness.md for readers, but for what becomes of loads that several share (``LoadLine``).
struct ReadMachine {
    /// What is to be done next, and by which event the machine hears of it; of a backend that fails by ``failed(_:)``.
    enum Action {
        /// Serve this entry. That is the end.
        case serve(Entry, Standing)
        /// Ask the backend for the states of these tags, and for the entry of a key if one is given: ``looked(_:)``.
        case look([Tag], entry: String?)
        /// Give tokens to those of these tags that have none: ``created(_:)``.
        case createTokens([Tag])
        /// Drop the worker's own entry, which is not valid any more: ``forgot()``.
        case forget
        /// Load the value, now that these tokens were captured: ``loaded(_:isOurs:known:)``.
        case load(Captured)
        /// Keep the loaded value with these tokens, if there are any, and serve it. That is the end.
        case finish(keep: Captured?, CacheOutcome)
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

    /// How often a value is loaded because its tags turned out to be others than those whose tokens were captured.
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
    private var captured: Captured?
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
        if entry == nil, let bytes = look.entry, let found = entry(in: bytes), found.expires > start {
            entry = found
            if found.tags != tags {
                tags = found.tags + tags.filter { !found.tags.contains($0) }
                return .look(tags, entry: nil)
            }
        }
        return decide(look)
    }

    mutating func created(_ look: CacheLook) -> Action {
        entry = nil
        let action = decide(look)
        // They were evicted as soon as they were created.
        if case .createTokens = action { return bypass(.changing) }
        return action
    }

    /// The backend could not say it.
    func failed(_ failure: CacheUnavailable) -> Action { bypass(failure == .holdOff ? .holdOff : .unreachable) }

    mutating func forgot() -> Action { afterForgetting }

    /// - Parameters:
    ///   - isOurs: whether this read loaded it, and did not take it from another.
    ///   - known: the tags that are known before a load.
    mutating func loaded(_ loaded: Loaded, isOurs: Bool, known: () -> [Tag]) -> Action {
        guard let captured else { preconditionFailure("a load ended that was not asked for") }
        let missing = loaded.tags.filter { !captured.tags.contains($0) }
        guard missing.isEmpty else {
            loads += 1
            if loads == Self.maximumLoads { return bypass(.changing) }
            // Their tokens have to be captured before the load, so the value is loaded again.
            tags += missing
            return seek()
        }
        // What the value depended on before, and does not now, is forgotten.
        let kept = isOurs ? captured.narrowed(to: loaded.tags + known()) : nil
        return .finish(keep: kept, demand.fromStore ? .request : isOurs ? .stored : .collapsed)
    }

    // MARK: Decisions

    private func seek() -> Action { .look(tags, entry: demand.fromStore ? nil : key) }

    private mutating func decide(_ look: CacheLook) -> Action {
        switch ReadDecision(entry: entry, states: look.tags) {
        case .serve: return .serve(entry!, isOwn ? .own : .found)  // without an entry nothing is served
        case .passThrough: return bypass(.writeInFlight)
        case .createTokens: return forgetOwn(before: .createTokens(tags)) ?? .createTokens(tags)
        case .load(let tokens):
            // Another worker may have stored the value anew, and asking for that costs less than a load.
            if let forget = forgetOwn(before: seek()) { return forget }
            guard !demand.onlyIfCached else { return .refuse }
            entry = nil
            let captured = Captured(keyspace: look.keyspace, tags: tags, tokens: tokens)
            self.captured = captured
            return .load(captured)
        }
    }

    /// What was found to be invalid is not served to those either who would take a stale value without asking.
    private mutating func forgetOwn(before next: Action) -> Action? {
        guard isOwn else { return nil }
        isOwn = false
        entry = nil
        afterForgetting = next
        return .forget
    }

    private func bypass(_ reason: CacheOutcome.Bypass) -> Action {
        demand.onlyIfCached ? .refuse : .passThrough(demand.fromStore ? .request : .bypass(reason))
    }

    /// The entry that the backend returned. What is none is counted, and replaced by the next that is stored.
    private mutating func entry(in bytes: [UInt8]) -> Entry? {
        if let entry = Entry(bytes: bytes, under: key, now: start), mayBeAbsent || entry.encoded != nil { return entry }
        unusable += 1
        return nil
    }
}
