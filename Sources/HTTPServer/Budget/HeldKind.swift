/// What bytes are held for, each within its own half of ``ServerLimits/bufferBytes``: so clients that send cannot take the room of
/// those that read, nor the other way round.
public enum HeldKind: String, Sendable, CaseIterable {
    /// Heads, content, and what is read ahead.
    case request
    /// Answers, and what of them the clients have not taken.
    case answer
}
