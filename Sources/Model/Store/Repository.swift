/// Reads the rows of one resource, as clients receive them. Whether the bytes come from a store or from a cache over it, nobody
/// can see. (Who writes reads typed rows, in a ``UnitOfWork``.)
public protocol Repository: AnyObject {
    var schema: Schema { get }

    /// - Returns: the row as the projection shows it; nil if there is none with this id.
    func find(_ id: Value, _ projection: Projection, _ context: ReadContext) async throws -> Encoded?
    /// - Returns: a page, as ``PageWriter`` writes it.
    func list(_ query: Query, _ context: ReadContext) async throws -> Encoded
    /// - Parameter filters: all of them hold for each row that is counted.
    /// - Returns: a ``Count``.
    func count(_ filters: [Query.Filter], _ context: ReadContext) async throws -> Encoded
    /// - Parameter view: of this repository's resource.
    /// - Returns: the view of the row with this id; nil if there is no such row.
    func view(_ view: View, of id: Value, _ context: ReadContext) async throws -> Encoded?
    /// For who visits all rows, past any cache.
    ///
    /// - Returns: the ids of the rows of a page, in its order.
    func ids(_ query: Query, deadline: UInt64) async throws -> [Value]
}

extension Repository {
    /// The whole row; nil if there is none with this id.
    public func find(_ id: Value, _ context: ReadContext) async throws -> Encoded? { try await find(id, .whole, context) }
}
