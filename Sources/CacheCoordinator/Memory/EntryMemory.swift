/// A worker's own entries, bounded in bytes. Which entry has to go, SIEVE decides (Zhang et al., NSDI '24): a hand goes
/// from the oldest entry to the newest, spares those that were used since it last came by, and takes the first other.
struct EntryMemory {
    /// How many bytes the entries take at most, as ``Entry/size`` counts them.
    let capacity: Int
    private(set) var bytes = 0
    private(set) var evictions = 0
    var count: Int { positions.count }

    /// A place in the order of insertion. The links are positions, so that walking them retains nothing.
    private struct Node {
        var key: String
        var entry: Entry?
        var wasUsed = false
        var newer: Int
        var older: Int
    }

    private static let none = -1
    private var nodes: [Node] = []
    private var free: [Int] = []
    private var positions: [String: Int] = [:]
    private var newest = none
    private var oldest = none
    private var hand = none

    init(capacity: Int) { self.capacity = capacity }

    /// The entry of `key`, which counts as used.
    mutating func entry(_ key: String) -> Entry? {
        guard let position = positions[key] else { return nil }
        nodes[position].wasUsed = true
        return nodes[position].entry
    }

    /// Keeps `entry` under `key`, in the place of what was there, and evicts others if there is no room. An entry larger
    /// than the memory is not kept.
    mutating func insert(_ entry: Entry, _ key: String) {
        remove(key)
        let size = entry.size
        guard size <= capacity else { return }
        while bytes + size > capacity { evict() }
        let node = Node(key: key, entry: entry, newer: Self.none, older: newest)
        let position: Int
        if let reused = free.popLast() {
            position = reused
            nodes[position] = node
        } else {
            position = nodes.count
            nodes.append(node)
        }
        if newest != Self.none { nodes[newest].newer = position } else { oldest = position }
        newest = position
        positions[key] = position
        bytes += size
    }

    mutating func remove(_ key: String) {
        if let position = positions[key] { remove(at: position) }
    }

    mutating func removeAll() { self = EntryMemory(capacity: capacity) }

    private mutating func evict() {
        var position = hand == Self.none ? oldest : hand
        while nodes[position].wasUsed {
            nodes[position].wasUsed = false
            position = nodes[position].newer == Self.none ? oldest : nodes[position].newer
        }
        hand = nodes[position].newer
        remove(at: position)
        evictions += 1
    }

    private mutating func remove(at position: Int) {
        let node = nodes[position]
        if node.newer != Self.none { nodes[node.newer].older = node.older } else { newest = node.older }
        if node.older != Self.none { nodes[node.older].newer = node.newer } else { oldest = node.newer }
        if hand == position { hand = node.newer }
        bytes -= node.entry?.size ?? 0
        positions[node.key] = nil
        nodes[position] = Node(key: "", entry: nil, newer: Self.none, older: Self.none)
        free.append(position)
    }
}
