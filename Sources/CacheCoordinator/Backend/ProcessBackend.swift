public import Model
internal import Synchronization

/// The tags of a service that runs as one process without a cache server. All its workers share it.
///
/// Entries stay with the worker that filled them.
public final class ProcessTags: Sendable {
    /// How many tags are remembered. Beyond it all are forgotten, so that everything is loaded anew.
    private static let limit = 1_000_000

    private typealias States = [Tag: TagState]

    /// Those of the keyspaces that were asked for last, the newest last. What is known in one says nothing in another.
    private let keyspaces = Mutex<[(keyspace: Keyspace, states: States)]>([])

    public init() {}

    private func with<Result>(_ keyspace: Keyspace, _ body: (inout States) -> sending Result) -> Result {
        keyspaces.withLock { keyspaces in
            if let index = keyspaces.lastIndex(where: { $0.keyspace == keyspace }) { return body(&keyspaces[index].states) }
            // An announcement for the one before may come late.
            keyspaces = keyspaces.suffix(1) + [(keyspace, [:])]
            return body(&keyspaces[keyspaces.count - 1].states)
        }
    }

    func states(of tags: [Tag], in keyspace: Keyspace) -> [TagState] {
        with(keyspace) { states in tags.map { states[$0] ?? .absent } }
    }

    func place(on tags: [Tag], in keyspace: Keyspace) -> [TagState] {
        with(keyspace) { states in
            if states.count > Self.limit { states = [:] }
            return tags.map { tag in
                if let state = states[tag] { return state }
                let state = TagState.placeholder(.random())
                states[tag] = state
                return state
            }
        }
    }

    func change(_ changes: [CacheFill.Change], in keyspace: Keyspace) {
        with(keyspace) { states in
            for change in changes where states[change.tag] == change.from { states[change.tag] = change.to }
        }
    }

    func announce(_ id: UInt64, on tags: [Tag], in keyspace: Keyspace) {
        with(keyspace) { states in
            for tag in tags { states[tag] = (states[tag] ?? .absent).announced(id) }
        }
    }

    func invalidate(_ tags: [Tag], in keyspace: Keyspace) {
        with(keyspace) { states in
            for tag in tags { states[tag] = .placeholder(.random()) }
        }
    }

    func forgetAll(in keyspace: Keyspace) { with(keyspace) { $0 = [:] } }

    /// How many tags are known, and how many of them bear a mark.
    func count(in keyspace: Keyspace) -> (known: Int, marked: Int) {
        with(keyspace) { states in
            (states.count, states.values.count { if case .mark = $0 { true } else { false } })
        }
    }
}

/// A worker's way to the ``ProcessTags``.
public final class ProcessBackend: CacheBackend {
    let tags: ProcessTags
    private let lease: CacheLease
    /// Names this process among all that may claim the cache.
    public let life: String?
    /// Never called: a process has one life.
    public var onLifeChange: () -> Void = {}

    /// - Parameters:
    ///   - lease: under which it reads.
    ///   - life: names this process among all that may claim the cache.
    public init(_ tags: ProcessTags, _ lease: CacheLease, life: String) {
        self.tags = tags
        self.lease = lease
        self.life = life
    }

    public var keyspace: Keyspace? { (try? open())?.keyspace }

    private func open() throws(CacheUnavailable) -> CacheLease.Grant {
        guard let grant = lease.grant, grant.life == life else { throw .closed }
        return grant
    }

    public func look(at tags: [Tag], entry key: String?) async throws(CacheUnavailable) -> CacheLook {
        let keyspace = try open().keyspace
        return CacheLook(keyspace: keyspace, tags: self.tags.states(of: tags, in: keyspace), entry: nil)
    }

    /// Puts placeholders where nothing is known.
    public func place(on tags: [Tag]) async throws(CacheUnavailable) -> CacheLook {
        let keyspace = try open().keyspace
        return CacheLook(keyspace: keyspace, tags: self.tags.place(on: tags, in: keyspace), entry: nil)
    }

    /// Changes tags; entries are in the workers' own memories.
    public func fill(_ fill: CacheFill) {
        if fill.keyspace == keyspace { tags.change(fill.changes, in: fill.keyspace) }
    }

    public func announce(
        _ id: UInt64, on tags: [Tag], in keyspace: Keyspace, life: String
    ) async throws(CacheUnavailable) {
        guard life == self.life else { throw .closed }
        self.tags.announce(id, on: tags, in: keyspace)
    }

    /// Nothing: entries are in the workers' own memories.
    public func writeThrough(_ values: [WrittenValue], by id: UInt64) {}

    public func invalidate(_ tags: [Tag]) async throws(CacheUnavailable) {
        self.tags.invalidate(tags, in: try open().keyspace)
    }

    public func clear() async throws(CacheUnavailable) { tags.forgetAll(in: try open().keyspace) }
}
