/// What happened to a server that nobody's response tells about. Kept rare: nothing is reported for a request that was answered.
public enum ServerEvent: Sendable, Equatable {
    /// A connection beyond ``ServerLimits/maxConnections``.
    case refusedConnection
    /// A request that was refused before a handler saw it, or while it read the content.
    case refusedRequest(ParseFailure)
    /// A connection that was ended since its time was over.
    case timedOut(Wait)
    /// A request or an answer for which there was no room, so that it was refused with 503.
    case noRoom(HeldKind)
    /// A client that was slow and had to make room for others.
    case evicted(HeldKind)
    /// A response that was dropped since its client had gone away.
    case abandonedRequest(route: Int)

    /// What a connection waits for.
    public enum Wait: String, Sendable, CaseIterable {
        /// The head of a request, of which a part has arrived.
        case head
        /// The content that a handler asked for.
        case body
        /// A request, on a connection that has had none for too long.
        case request
        /// The client to take what was sent to it.
        case write
    }
}
