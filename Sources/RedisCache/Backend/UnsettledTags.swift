internal import Domain

/// Tags whose writes could not be announced or released, and which are to be invalidated before the cache is read.
struct UnsettledTags {
    /// What is to be done at once.
    enum Task: Equatable {
        case invalidate([Tag])
        /// There were more than may be remembered.
        case forgetAll
    }

    private let limit: Int
    private var waiting: Set<Tag> = []
    private var hasOverflowed = false
    private var underWay: Task?

    init(limit: Int) { self.limit = limit }

    /// Whether the cache may be read.
    var isEmpty: Bool { waiting.isEmpty && !hasOverflowed && underWay == nil }

    mutating func add(_ tags: some Sequence<Tag>) {
        guard !hasOverflowed else { return }
        waiting.formUnion(tags)
        if waiting.count > limit {
            hasOverflowed = true
            waiting = []
        }
    }

    /// Takes all that waits; nil if there is nothing, or if something is under way.
    ///
    /// Tags that are added from now on wait for the next task, even those that are in this one: their write may have
    /// come after it.
    mutating func begin() -> Task? {
        guard underWay == nil, hasOverflowed || !waiting.isEmpty else { return nil }
        underWay = hasOverflowed ? .forgetAll : .invalidate(Array(waiting))
        hasOverflowed = false
        waiting = []
        return underWay
    }

    mutating func succeeded() {
        underWay = nil
    }

    /// What was under way waits again.
    mutating func failed() {
        let task = underWay
        underWay = nil
        switch task {
        case .invalidate(let tags): add(tags)
        case .forgetAll:
            hasOverflowed = true
            waiting = []
        case nil: break
        }
    }
}
