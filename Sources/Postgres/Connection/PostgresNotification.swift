/// What a session that executed `LISTEN` hears.
public struct PostgresNotification: Sendable, Hashable {
    /// The channel that `NOTIFY` named.
    public let channel: String
    /// What `NOTIFY` said to it; empty if nothing.
    public let payload: String
    /// The process of the server whose session executed `NOTIFY`; see ``PostgresConnection/serverProcess``.
    public let serverProcess: Int32
}
