/// Reads the rows of one resource, as clients receive them. Whether the bytes come from a store or from a cache over it, nobody
/// can see. (Who writes reads typed rows, in a ``UnitOfWork``.)
public protocol Repository<E>: AnyObject {
    associatedtype E: Entity

    /// - Returns: a ``Stored`` row; nil if there is none with this id.
    func find(_ id: ID<E>, _ projection: Projection<E>, _ context: ReadContext) async throws -> Encoded?
    /// - Returns: a ``Page``.
    func list(_ query: Query<E>, _ context: ReadContext) async throws -> Encoded
    /// - Parameter filters: all of them hold for each row that is counted.
    /// - Returns: a ``Count``.
    func count(_ filters: [Query<E>.Filter], _ context: ReadContext) async throws -> Encoded
    /// For who visits all rows, past any cache.
    ///
    /// - Returns: the ids of the rows of a page, in its order.
    func ids(_ query: Query<E>, deadline: UInt64) async throws -> [ID<E>]
}

extension Repository {
    public func find(_ id: ID<E>, _ context: ReadContext) async throws -> Encoded? { try await find(id, .whole, context) }
}

/// How many rows there are.
public struct Count: Sendable, JSONEncodable {
    public var count: Int64

    public init(_ count: Int64) { self.count = count }

    /// Reads its representation; nil if that is one of something else.
    public init?(_ encoded: Encoded) {
        let (start, end) = (#"{"count":"#, "}")
        let text = String(decoding: encoded.bytes, as: UTF8.self)
        guard text.hasPrefix(start), text.hasSuffix(end), let count = Int64(text.dropFirst(start.count).dropLast(end.count))
        else {
            return nil
        }
        self.count = count
    }

    public func encode(to json: inout JSONWriter) {
        json.object { json in
            json.key("count")
            json.integer(count)
        }
    }
}
