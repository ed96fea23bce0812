/// Reads the rows of one resource, as clients receive them. Whether the bytes come from a store or from a cache over it, nobody
/// can see. (Who writes reads typed rows, in a ``UnitOfWork``.)
public protocol Repository<E>: AnyObject {
    associatedtype E: Entity

    /// - Returns: a ``Stored`` row; nil if there is none with this id.
    func find(_ id: ID<E>, _ context: ReadContext) async throws -> Encoded?
    /// - Returns: a ``Page``.
    func list(_ query: Query<E>, _ context: ReadContext) async throws -> Encoded
    /// - Parameter filters: all of them hold for each row that is counted.
    /// - Returns: a ``Count``.
    func count(_ filters: [Query<E>.Filter], _ context: ReadContext) async throws -> Encoded
}

/// Rows of one query, and how to go on.
public struct Page<E: Entity>: Sendable, JSONEncodable {
    public var items: [Stored<E>]
    /// The cursor of the page after this one; nil on the last.
    public var next: String?
    /// How many rows there are on all pages, if it was asked for.
    public var count: Int64?

    /// Cuts what a store found: one row more than a page has says that there is a next one.
    public init(_ rows: [Stored<E>], of query: Query<E>, count: Int64?) {
        items = Array(rows.prefix(query.limit))
        next = rows.count > query.limit ? query.cursor(after: items[query.limit - 1]).text(for: query) : nil
        self.count = count
    }

    public func encode(to json: inout JSONWriter) {
        json.object { json in
            json.key("items")
            json.array { json in
                for item in items { item.encode(to: &json) }
            }
            json.key("next")
            if let next { json.string(next) } else { json.null() }
            if let count {
                json.key("count")
                json.integer(count)
            }
        }
    }
}

/// How many rows there are.
public struct Count: Sendable, JSONEncodable {
    public var count: Int64

    public init(_ count: Int64) { self.count = count }

    public func encode(to json: inout JSONWriter) {
        json.object { json in
            json.key("count")
            json.integer(count)
        }
    }
}
