internal import Synchronization

/// How many workers of this process know of writes that Redis was not told of. All of them share one.
///
/// A worker whose connection broke remembers the tags of a write that it could not announce; the connections of the others
/// may be well, and to them the tags look unchanged. So nobody reads the cache while there is such a write. It is counted
/// before it is committed, and until Redis knows of it.
public final class UnannouncedWrites: Sendable {
    private let workers = Atomic<Int>(0)

    public init() {}

    var areSettled: Bool { workers.load(ordering: .sequentiallyConsistent) == 0 }

    func begin() { workers.add(1, ordering: .sequentiallyConsistent) }
    func end() { workers.subtract(1, ordering: .sequentiallyConsistent) }
}
