internal import Model

/// The states of tags at one look.
struct Sight: Equatable {
    let keyspace: Keyspace
    private(set) var tags: [Tag]
    private(set) var states: [TagState]

    init(_ keyspace: Keyspace, _ tags: [Tag], _ states: [TagState]) {
        self.keyspace = keyspace
        self.tags = tags
        self.states = states
    }

    /// Drops the tags that are not among these.
    mutating func keep(_ others: [Tag]) {
        let kept = Set(others)
        guard !tags.allSatisfy(kept.contains) else { return }
        let indices = tags.indices.filter { kept.contains(tags[$0]) }
        (tags, states) = (indices.map { tags[$0] }, indices.map { states[$0] })
    }

    mutating func append(_ other: Sight) {
        tags += other.tags
        states += other.states
    }
}

/// What a read tells the backend about tags.
struct Finding {
    let keyspace: Keyspace
    /// What an entry depends on, with the token of each; nil if the value is not to be kept.
    private(set) var kept: (tags: [Tag], tokens: [VersionToken])?
    private(set) var changes: [CacheFill.Change] = []

    /// The value is current: each of its tags has a token from now on.
    init(keeping sight: Sight, _ snapshot: TransactionSnapshot) {
        keyspace = sight.keyspace
        var tokens: [VersionToken] = []
        for (tag, state) in zip(sight.tags, sight.states) {
            if case .token(let token, _) = state {
                tokens.append(token)
            } else {
                let token = VersionToken.random()
                tokens.append(token)
                changes.append(.init(tag, from: state, to: .token(token, stamp: snapshot.next)))
            }
        }
        kept = (sight.tags, tokens)
    }

    /// It is not: the next load is told for whom to wait. Nil if that is known already.
    init?(waiting sight: Sight, after evidence: ReadEvidence?) {
        guard let evidence else { return nil }
        keyspace = sight.keyspace
        for (tag, state) in zip(sight.tags, sight.states) {
            if let next = state.waiting(after: evidence) { changes.append(.init(tag, from: state, to: next)) }
        }
        guard !changes.isEmpty else { return nil }
    }
}
