/// A row holds a value that its declaration does not allow, so it cannot be shown. Somebody wrote past the service, before the
/// table had its constraints or without them. The row can still be replaced and deleted.
public struct UnreadableRow: Error, Hashable, Sendable, CustomStringConvertible {
    /// Whose row it is.
    public let resource: String
    /// Nil where a statement reads many rows at once and cannot say which of them it is.
    public let id: String?
    /// Which of its columns holds the value.
    public let field: String

    public init(resource: String, id: String? = nil, field: String) {
        self.resource = resource
        self.id = id
        self.field = field
    }

    /// Without a full stop.
    public var description: String {
        let row = id.map { "the row \($0) of \(resource)" } ?? "one of the \(resource)"
        return "\(row) holds a value in \(field) that its declaration does not allow"
    }
}
