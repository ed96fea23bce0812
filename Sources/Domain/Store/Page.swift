/// How much a page holds, beside the number of its rows.
public enum PageLimits {
    /// The bytes of all items of a page. It ends before the row that would exceed them, but has one row at least.
    public static let maximumBytes = 1 << 20
}

/// Rows of one query, and how to go on.
///
/// It ends at the query's limit, or before that at ``PageLimits/maximumBytes``: two hundred long articles are no page for anybody.
public struct Page<E: Entity>: Sendable, JSONEncodable {
    public private(set) var items: [Shown<E>]
    /// The cursor of the page after this one; nil on the last.
    public private(set) var next: String?
    /// How many rows there are on all pages, if it was asked for.
    public let count: Int64?
    /// The items as JSON, with commas between.
    private var body: [UInt8] = []

    /// Cuts what a store found: one row more than a page has says that there is a next one. What is shown within the rows has
    /// to be read then, if the query asks for anything.
    public init(_ rows: [Stored<E>], of query: Query<E>, count: Int64?) {
        items = rows.prefix(query.limit).map { Shown($0, query.projection) }
        self.count = count
        compose(query, of: rows.count)
    }

    /// The same with what is shown within the rows, if the query asks for anything.
    public init(
        _ rows: [Stored<E>], of query: Query<E>, count: Int64?, partsFrom source: some PartSource, _ context: ReadContext
    ) async throws {
        items = try await query.projection.show(Array(rows.prefix(query.limit)), from: source, context)
        self.count = count
        compose(query, of: rows.count)
    }

    /// Keeps the items that fit.
    ///
    /// - Parameter found: how many rows there were to choose from.
    private mutating func compose(_ query: Query<E>, of found: Int) {
        var json = JSONWriter()
        for index in items.indices {
            let end = json.bytes.count
            items[index].encode(to: &json)
            if json.bytes.count > PageLimits.maximumBytes, index > 0 {
                json.removeElements(behind: end)
                items.removeLast(items.count - index)
                break
            }
        }
        body = json.bytes
        if items.count < found, let last = items.last { next = query.cursor(after: last.row).text(for: query) }
    }

    public func encode(to json: inout JSONWriter) {
        json.object { json in
            json.key("items")
            json.array { json in
                if !body.isEmpty { json.encoded(body) }
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
