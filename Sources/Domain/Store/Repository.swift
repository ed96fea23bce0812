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

/// Rows of one query, and how to go on.
public struct Page<E: Entity>: Sendable, JSONEncodable {
    public var items: [Shown<E>]
    /// The cursor of the page after this one; nil on the last.
    public var next: String?
    /// How many rows there are on all pages, if it was asked for.
    public var count: Int64?

    /// Cuts what a store found: one row more than a page has says that there is a next one.
    public init(_ rows: [Stored<E>], of query: Query<E>, count: Int64?) {
        items = rows.prefix(query.limit).map { Shown($0, query.projection) }
        next = rows.count > query.limit ? query.cursor(after: rows[query.limit - 1]).text(for: query) : nil
        self.count = count
    }

    /// Reads what is shown within the rows, if the query asks for anything.
    public mutating func readParts(
        of query: Query<E>, from source: some PartSource, _ context: ReadContext
    ) async throws {
        guard !query.projection.parts.isEmpty else { return }
        items = try await query.projection.show(items.map(\.row), from: source, context)
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
