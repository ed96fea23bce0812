public import Metrics
internal import Model

/// It is there as long as the process is, and nobody else has to be told of anything.
extension ProcessBackend: OperatedBackend {
    /// There is no server that it would be called after.
    public var name: String { "The cache" }

    /// Not elsewhere.
    public var place: String { "this process" }

    /// Nothing has to be connected.
    public func start() {}

    /// Returns at once.
    public func waitUntilReady(milliseconds: UInt64) async throws(CacheNotReady) {}

    /// Nothing was connected.
    public func close() {}

    /// The tags alone: entries stay with the worker that filled them, which counts them.
    public func stock() async throws(CacheUnavailable) -> CacheStock {
        guard let keyspace else { throw .closed }
        let (known, marked) = tags.count(in: keyspace)
        return CacheStock(
            lines: [("tags", "\(known)"), ("announced", "\(marked)")],
            counts: [("process_tags", known), ("process_tags_announced", marked)])
    }

    /// A tag's state; entries are with the workers.
    public func inspect(_ name: String) async throws(CacheUnavailable) -> CacheInspection {
        guard let keyspace else { throw .closed }
        let state = tags.states(of: [Tag(name)], in: keyspace)[0]
        return CacheInspection(keyspace: keyspace, tag: state == .absent ? nil : .init(state: state, expiresIn: nil))
    }

    /// None: it is not given any to keep.
    public var refusedEntries: Int { 0 }

    /// Nothing that the worker's cache does not count.
    public var measured: (any Measured)? { nil }
}
