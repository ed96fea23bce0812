/// What is known of a tag at one moment: whose writes an entry that depends on it may lack.
public enum TagState: Hashable, Sendable {
    /// It has not changed since it was given this token. Every writer that announced itself before is finished in any snapshot in
    /// which nothing below the stamp is in progress, and that reaches up to it.
    case token(VersionToken, stamp: UInt64)
    /// Writers announced themselves since its last token.
    case mark(Mark)
    /// Nothing is known of writers before it was put.
    case placeholder(VersionToken)
    /// Nothing is known: it was never asked for, expired, or was evicted or flushed. All of it is the same.
    case absent
}

/// The writers that announced themselves on a tag since its last token.
public struct Mark: Hashable, Sendable {
    /// The random number of the token or placeholder that it took the place of; where nothing was known, one of its own. By it no mark
    /// is like one that was there before, whoever is in it.
    public var origin: VersionToken
    /// That of the token; nil if there was none.
    public var stamp: UInt64?
    /// Who announced himself.
    public var writers: Writers

    /// Ids of transactions.
    public enum Writers: Hashable, Sendable {
        case only([UInt64])
        /// All up to this one: there were too many to list.
        case upTo(UInt64)
    }

    /// How many writers are listed at most.
    public static let maximumListed = 32

    public init(origin: VersionToken, stamp: UInt64?, writers: Writers) {
        self.origin = origin
        self.stamp = stamp
        self.writers = writers
    }

    /// The same with one writer more.
    func adding(_ id: UInt64) -> Mark {
        switch writers {
        case .only(let ids) where ids.contains(id): return self
        case .only(let ids) where ids.count < Self.maximumListed:
            return Mark(origin: origin, stamp: stamp, writers: .only(ids + [id]))
        case .only(let ids): return Mark(origin: origin, stamp: stamp, writers: .upTo(max(ids.max()!, id)))
        case .upTo(let last): return Mark(origin: origin, stamp: stamp, writers: .upTo(max(last, id)))
        }
    }
}

extension TagState {
    var isToken: Bool { if case .token = self { true } else { false } }

    /// What it is when a writer has announced itself.
    func announced(_ id: UInt64) -> TagState {
        switch self {
        case .token(let token, let stamp): .mark(Mark(origin: token, stamp: stamp, writers: .only([id])))
        case .mark(let mark): .mark(mark.adding(id))
        case .placeholder(let random): .mark(Mark(origin: random, stamp: nil, writers: .only([id])))
        case .absent: .mark(Mark(origin: .random(), stamp: nil, writers: .only([id])))
        }
    }

    /// Whether a load that begins now has to know who writes: nothing else tells of the writers before.
    var asksWhoWrites: Bool {
        switch self {
        case .token: false
        case .mark(let mark): mark.stamp == nil
        case .placeholder, .absent: true
        }
    }
}
