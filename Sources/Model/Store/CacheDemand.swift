/// What a client asks of the cache for one read, as `Cache-Control` of a request says it (RFC 9111, section 5.2.1).
public struct CacheDemand: Hashable, Sendable {
    /// The value comes from the store, by a load that begins after the request, and takes the place of what the cache has.
    public var fromStore = false
    /// The value comes from the store, and the cache keeps nothing of it.
    public var isNotStored = false
    /// Without a valid entry the read fails: the store is not asked.
    public var onlyIfCached = false
    /// For how many milliseconds at most an entry is served again without asking whether it is still valid. It shortens what
    /// the service is set to, and lengthens nothing.
    public var maximumAge = Int64.max
    /// For how many milliseconds an entry may be served again without asking, though the service is set to less.
    public var maximumStaleness: Int64 = 0

    /// Nothing in particular.
    public init() {}

    /// For how many milliseconds an entry is served again without asking, in a service that is set to `bound`.
    @inlinable
    public func unaskedMilliseconds(_ bound: Int64) -> Int64 { max(min(bound, maximumAge), maximumStaleness) }

    /// Whether what the cache has is of no use.
    @inlinable
    public var passesCache: Bool { fromStore || isNotStored }
}
