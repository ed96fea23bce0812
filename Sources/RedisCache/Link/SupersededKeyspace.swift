/// What a registrar throws of a keyspace that was followed by another one: it missed the writes since then, and a server that
/// has it may not be the cache any more.
public struct SupersededKeyspace: Error, CustomStringConvertible {
    /// What people are told, in a sentence that says what to do.
    public let description: String

    public init(_ description: String) { self.description = description }
}
