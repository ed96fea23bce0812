/// A bound on bytes that are held for clients, and what is held now. A pure value: who holds what is for its owner to know, who
/// gives back what was taken.
///
/// Storage that many hold, as an answer from the cache is, takes its bytes once.
struct ByteBudget {
    /// The most bytes that may be held.
    let capacity: Int
    /// The bytes that are held, from 0 to ``capacity``.
    private(set) var held = 0

    /// By the address of the storage, which stays where it is as long as somebody holds it.
    private var shared: [Int: Share] = [:]

    private struct Share {
        let bytes: Int
        var holders: Int
    }

    /// - Parameter capacity: in bytes, 0 or more.
    init(capacity: Int) {
        precondition(capacity >= 0, "a budget is not negative")
        self.capacity = capacity
    }

    /// Whether so many bytes more may be held.
    func hasRoom(for count: Int) -> Bool { count <= capacity - held }

    /// Takes `count` bytes, 0 or more, if there is room for all of them.
    ///
    /// - Returns: whether they were taken.
    mutating func take(_ count: Int) -> Bool {
        precondition(count >= 0, "what is taken is not negative")
        guard hasRoom(for: count) else { return false }
        held += count
        return true
    }

    /// Gives bytes back that were taken. More than are held traps.
    mutating func giveBack(_ count: Int) {
        precondition(0...held ~= count, "what is given back was taken")
        held -= count
    }

    /// What storage of `count` bytes would take: nothing if somebody holds it already.
    func cost(ofStorage address: Int, _ count: Int) -> Int { shared[address] == nil ? count : 0 }

    /// Takes a share in storage of `count` bytes.
    ///
    /// - Returns: whether there was room.
    mutating func takeShare(ofStorage address: Int, _ count: Int) -> Bool {
        guard take(cost(ofStorage: address, count)) else { return false }
        shared[address, default: Share(bytes: count, holders: 0)].holders += 1
        return true
    }

    /// Gives a share back. The last one gives the bytes back. Without a share it traps.
    mutating func giveBackShare(ofStorage address: Int) {
        guard var share = shared[address] else { preconditionFailure("what is given back was taken") }
        share.holders -= 1
        shared[address] = share.holders > 0 ? share : nil
        if share.holders == 0 { giveBack(share.bytes) }
    }
}
