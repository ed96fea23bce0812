internal import Model

/// Tags of writes that could not be announced, which are to be settled before the cache is read.
struct UnsettledTags {
    /// What is to be done at once. A write that touches one of the tags may be committed until `end`, in milliseconds of
    /// the loop's clock, and not after it.
    enum Task: Equatable {
        case settle([Tag], end: UInt64)
        /// There were more than may be remembered.
        case forgetAll(end: UInt64)
    }

    private let limit: Int
    private var waiting: Set<Tag> = []
    private var hasOverflowed = false
    /// When the last write of what waits is over.
    private var end: UInt64 = 0
    private var underWay: Task?

    init(limit: Int) { self.limit = limit }

    /// Whether the cache may be read.
    var isEmpty: Bool { waiting.isEmpty && !hasOverflowed && underWay == nil }

    /// - Parameter end: when their write is over for certain.
    mutating func add(_ tags: some Sequence<Tag>, end: UInt64) {
        self.end = max(self.end, end)
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
        underWay = hasOverflowed ? .forgetAll(end: end) : .settle(Array(waiting), end: end)
        hasOverflowed = false
        waiting = []
        end = 0
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
        case .settle(let tags, let end): add(tags, end: end)
        case .forgetAll(let end):
            add([], end: end)
            hasOverflowed = true
            waiting = []
        case nil: break
        }
    }
}
