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

    /// Always: those who share it are in the process.
    public var isSettled: Bool { true }

    /// Returns at once.
    public func waitUntilSettled(milliseconds: UInt64) async {}

    /// Nothing was connected.
    public func close() {}

    /// The tags alone: entries stay with the worker that filled them, which counts them.
    public func stock() async throws(CacheUnavailable) -> CacheStock {
        let (known, marked) = tags.count(at: now())
        return CacheStock(
            lines: [("tags", "\(known)"), ("announced", "\(marked)")],
            counts: [("process_tags", known), ("process_tags_announced", marked)])
    }

    /// A tag's state; entries are with the workers.
    public func inspect(_ name: String) async throws(CacheUnavailable) -> CacheInspection {
        CacheInspection(keyspace: keyspace!, tag: tags.inspect(Tag(name), at: now()))
    }

    /// None: it is not given any to keep.
    public var refusedEntries: Int { 0 }

    /// Nothing that the worker's cache does not count.
    public var measured: (any Measured)? { nil }
}
