internal import Synchronization

/// Tells the pools of a process that one of them has no connection, because the server gives it none: the limit of the server,
/// of the database or of the role is reached. Those that have several then give one back.
public final class ConnectionShortage: Sendable {
    private let poolsWithout = Atomic<Int>(0)

    public init() {}

    var isThere: Bool { poolsWithout.load(ordering: .relaxed) > 0 }

    func begin() { poolsWithout.add(1, ordering: .relaxed) }
    func end() { poolsWithout.subtract(1, ordering: .relaxed) }
}
