internal import Model

/// What has one place in the order of an index.
protocol Ordered: Sendable {
    static func isOrderedBefore(_ a: Self, _ b: Self) -> Bool
}

extension Value: Ordered {}

/// A map in the order of its keys, whose copies share all that is equal in them.
///
/// The entries lie in leaves, which are small arrays. A copy copies none of them; a change copies one leaf and the list
/// of leaves. So every transaction can work on a copy of its own, and every reader keep the one it began with.
struct SortedMap<Key: Ordered, Payload: Sendable>: Sendable {
    /// (A tuple would be looked up by the runtime at each step where the types are not known in advance.)
    struct Element: Sendable {
        let key: Key
        var payload: Payload
    }

    /// None is empty.
    private var leaves: [[Element]] = []
    private(set) var count = 0

    private static var leafCapacity: Int { 64 }

    subscript(key: Key) -> Payload? {
        let place = lowerBound(of: key)
        return holds(key, at: place) ? self[place].payload : nil
    }

    /// Inserts an entry, or replaces the one with its key.
    mutating func put(_ payload: Payload, at key: Key) {
        let place = lowerBound(of: key)
        if holds(key, at: place) {
            leaves[place.leaf][place.offset].payload = payload
            return
        }
        count += 1
        if place.leaf < leaves.count {
            leaves[place.leaf].insert(Element(key: key, payload: payload), at: place.offset)
            if leaves[place.leaf].count > Self.leafCapacity { split(place.leaf) }
        } else if let last = leaves.indices.last, leaves[last].count < Self.leafCapacity {
            leaves[last].append(Element(key: key, payload: payload))
        } else {
            // Keys that only grow fill leaf after leaf, which splitting would leave half empty.
            leaves.append([Element(key: key, payload: payload)])
        }
    }

    mutating func remove(_ key: Key) {
        let place = lowerBound(of: key)
        guard holds(key, at: place) else { return }
        count -= 1
        leaves[place.leaf].remove(at: place.offset)
        if leaves[place.leaf].isEmpty {
            leaves.remove(at: place.leaf)
        } else if place.leaf + 1 < leaves.count,
            leaves[place.leaf].count + leaves[place.leaf + 1].count <= Self.leafCapacity / 2
        {
            leaves[place.leaf].append(contentsOf: leaves.remove(at: place.leaf + 1))
        }
    }

    private mutating func split(_ leaf: Int) {
        let half = leaves[leaf].count / 2
        leaves.insert(Array(leaves[leaf][half...]), at: leaf + 1)
        leaves[leaf].removeSubrange(half...)
    }

    private func holds(_ key: Key, at place: Index) -> Bool {
        place.leaf < leaves.count && !Key.isOrderedBefore(key, self[place].key)
    }
}

extension SortedMap: BidirectionalCollection {
    /// The place of an entry. It holds as long as the map is not changed.
    struct Index: Comparable {
        fileprivate let leaf: Int
        fileprivate let offset: Int

        static func < (a: Index, b: Index) -> Bool { (a.leaf, a.offset) < (b.leaf, b.offset) }
    }

    var startIndex: Index { Index(leaf: 0, offset: 0) }
    var endIndex: Index { Index(leaf: leaves.count, offset: 0) }

    subscript(place: Index) -> Element { leaves[place.leaf][place.offset] }

    func index(after place: Index) -> Index {
        place.offset + 1 < leaves[place.leaf].count
            ? Index(leaf: place.leaf, offset: place.offset + 1) : Index(leaf: place.leaf + 1, offset: 0)
    }

    func index(before place: Index) -> Index {
        place.offset > 0
            ? Index(leaf: place.leaf, offset: place.offset - 1)
            : Index(leaf: place.leaf - 1, offset: leaves[place.leaf - 1].count - 1)
    }

    /// The place of the first entry that is not before `key`.
    func lowerBound(of key: Key) -> Index { firstIndex { !Key.isOrderedBefore($0, key) } }

    /// The place of the first entry whose key is `beyond`, which must then hold for all keys after it.
    func firstIndex(beyond: (Key) -> Bool) -> Index {
        let leaf = leaves.firstIndex(beyond: { beyond($0[$0.count - 1].key) })
        guard leaf < leaves.count else { return endIndex }
        return Index(leaf: leaf, offset: leaves[leaf].firstIndex(beyond: { beyond($0.key) }))
    }
}

extension SortedMap {
    /// Calls `body` with the entries of a part in their order, or from its end to its start, until it returns false.
    func visit(_ part: Range<Index>, isDescending: Bool = false, _ body: (Element) -> Bool) {
        guard !part.isEmpty else { return }
        let last = index(before: part.upperBound)
        let leaves = part.lowerBound.leaf...last.leaf
        // Leaf by leaf: a step from entry to entry would cost more than most visits.
        func visit(leaf number: Int) -> Bool {
            let leaf = self.leaves[number]
            let start = number == leaves.lowerBound ? part.lowerBound.offset : 0
            let end = number == leaves.upperBound ? last.offset : leaf.count - 1
            return isDescending ? (start...end).reversed().allSatisfy { body(leaf[$0]) } : leaf[start...end].allSatisfy(body)
        }
        _ = isDescending ? leaves.reversed().allSatisfy(visit(leaf:)) : leaves.allSatisfy(visit(leaf:))
    }
}

extension Array {
    /// The first index whose element is `beyond`, found by halving.
    fileprivate func firstIndex(beyond: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if beyond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
