/// What people should know of a cache that several share.
public enum MembershipEvent: Sendable {
    case isOpen(CacheRow)
    case isClosed(CacheRow)
    /// The store could not be asked.
    case cannotAsk(String)
    /// A write could be announced by nobody, so the cache is closed.
    case nobodyAnnounces
}
