/// Limits of one connection to Redis. What exceeds them is refused or split; nothing grows without bound.
public struct RedisLimits: Sendable, Hashable {
    /// Commands that may wait for their replies.
    public var waitingCommands = 10_000
    /// Bytes that one reply may have.
    public var replyBytes = 64 << 20
    /// Bytes of an entry; a larger one is not stored. Times ``entriesPerLook`` it must fit into a reply.
    public var entryBytes = 512 << 10
    /// Bytes that Redis has not taken yet, beyond which entries are not stored.
    public var unsentBytes = 16 << 20
    /// Tags in one `MGET`; a turn that asks for more sends several.
    public var tagsPerLook = 512
    /// Entries in one `MGET`.
    public var entriesPerLook = 100
    /// Tags in one call of a script: as long as it runs (some 4 microseconds for each) nobody else is served.
    public var tagsPerScript = 50
    /// Tags that are announced or placed at a time; more go in several round trips.
    public var tagsPerRoundTrip = 2_000
    /// Keys that Redis looks at in one step of a scan.
    public var keysPerScanStep = 1_000
    /// Keys after which the statistics stop counting.
    public var keysPerStatistics = 1_000_000
    /// Bytes that are read from the socket at a time.
    public var readBytes = 64 << 10
    /// Bytes of the command buffer that are kept from turn to turn.
    public var keptOutputBytes = 256 << 10

    public init() {}
}
