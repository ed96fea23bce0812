/// How long entries live, and how fresh they have to be.
public struct CachePolicy: Sendable {
    /// The life of an entry in milliseconds, for resources without one of their own.
    public var lifetime: Int
    /// The life of an entry in milliseconds, by resource.
    public var lifetimes: [String: Int]
    /// For how many milliseconds a worker serves an entry again without asking whether it is still valid. 0: never.
    public var freshnessBound: Int64
    /// For how many milliseconds after it was last known to be valid an entry of a worker's memory is served when the store cannot be
    /// reached. 0: not at all.
    public var staleIfError: Int64
    /// One in so many hits is compared with the store. 0: none.
    public var auditOneIn: Int
    /// How many bytes of entries a worker keeps in its own memory.
    public var memoryBytes: Int

    public init(
        lifetime: Int = 300_000, lifetimes: [String: Int] = [:], freshnessBound: Int64 = 0, memoryBytes: Int = 32 << 20,
        staleIfError: Int64 = 0, auditOneIn: Int = 0
    ) {
        self.lifetime = lifetime
        self.lifetimes = lifetimes
        self.freshnessBound = freshnessBound
        self.memoryBytes = memoryBytes
        self.staleIfError = staleIfError
        self.auditOneIn = auditOneIn
    }

    /// The life of a new entry: up to a tenth shorter than the setting, so that what was filled together does not
    /// expire together.
    func lifetime(of resource: String) -> Int {
        let lifetime = lifetimes[resource] ?? lifetime
        return lifetime - Int.random(in: 0...max(lifetime / 10, 0))
    }
}
