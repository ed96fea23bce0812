public import Metrics

/// What a worker's cache has done.
public struct CacheStatistics: Measured {
    /// Reads that an entry answered.
    public var hits = 0
    /// Reads of the store whose value became an entry.
    public var stored = 0
    /// Reads that shared another one's load.
    public var collapsed = 0
    /// Reads that passed the cache by, because it could not be used or a write was under way.
    public var bypassed = 0
    /// Reads that an entry answered of which nobody could say whether it is still valid.
    public var unverified = 0
    /// Hits that were compared with the store.
    public var audited = 0
    /// Those whose value was another than the store's, though nothing said so. It must stay 0.
    public var violations = 0
    /// Reads whose client wanted the value from the store.
    public var requested = 0
    /// Entries of the backend that were not what was stored under their key: damaged, another's, or of another format.
    public var unusable = 0
    /// Times that the store was asked.
    public var loads = 0
    /// Entries in the worker's own memory.
    public var memoryEntries = 0
    /// What they take.
    public var memoryBytes = 0
    /// Entries that had to make room for others.
    public var memoryEvictions = 0

    public init() {}

    /// All of them.
    public var metrics: [Metric] {
        var reads = Metric("larder_cache_reads_total", .counter, "Cached reads, by what became of them.")
        reads.add(hits, ["outcome": "hit"])
        reads.add(stored, ["outcome": "stored"])
        reads.add(collapsed, ["outcome": "collapsed"])
        reads.add(bypassed, ["outcome": "bypass"])
        reads.add(requested, ["outcome": "request"])
        reads.add(unverified, ["outcome": "unverified"])
        return [
            reads,
            .counter("larder_cache_loads_total", "Times that the store was asked for a cached value.", loads),
            .counter(
                "larder_cache_unusable_entries_total", "Entries of Redis that were damaged, another's or of another version.",
                unusable),
            .counter("larder_freshness_audited_total", "Hits that were compared with the store.", audited),
            .counter(
                "larder_freshness_violations_total",
                "Hits whose value was another than the store's, though their tags were unchanged.",
                violations),
            .gauge("larder_cache_memory_entries", "Entries in the workers' own memory.", memoryEntries),
            .gauge("larder_cache_memory_bytes", "Bytes of them.", memoryBytes),
            .counter("larder_cache_memory_evictions_total", "Entries that had to make room.", memoryEvictions),
        ]
    }

    /// What an operator who looks at the cache is shown of it, by name.
    public var summary: [(name: String, value: Int)] {
        [
            ("hits", hits), ("stored", stored), ("collapsed", collapsed), ("bypassed", bypassed), ("requested", requested),
            ("loads", loads), ("memory_entries", memoryEntries), ("memory_bytes", memoryBytes),
        ]
    }
}
