/// How much a page holds, beside the number of its rows.
public enum PageLimits {
    /// The bytes of all items of a page. It ends before the row that would exceed them, but has one row at least.
    public static let maximumBytes = 1 << 20
}

/// Writes the representation of a page, from whatever form a store has its rows in.
///
/// A page ends at the query's limit, or before that at ``PageLimits/maximumBytes``: two hundred long articles are no page for
/// anybody.
public enum PageWriter {
    /// - Parameters:
    ///   - rows: how many there are to choose from: one more than a page has says that there is a next one.
    ///   - parts: what is shown within the rows, if the query asks for anything.
    ///   - count: how many rows there are on all pages, if it was asked for.
    ///   - write: writes the members of a row, by its number; the object is begun.
    ///   - cursor: the values of the sort keys of a row, by its number.
    public static func page(
        of query: Query, rows: Int, parts: ShownParts? = nil, count: Int64? = nil,
        write: (_ row: Int, inout JSONWriter) throws -> Void, cursor: (_ row: Int) throws -> Query.Cursor
    ) rethrows -> Encoded {
        var json = JSONWriter(capacity: min(PageLimits.maximumBytes, 64 + 256 * min(rows, query.limit)))
        var last: Int?
        var next: String?
        try json.object { json in
            json.key("items")
            try json.array { json in
                let start = json.bytes.count
                for row in 0..<min(rows, query.limit, parts?.rows ?? .max) {
                    let end = json.bytes.count
                    try json.object { json in
                        try write(row, &json)
                        parts?.append(row, to: &json)
                    }
                    if json.bytes.count - start > PageLimits.maximumBytes, last != nil {
                        json.removeElements(behind: end)
                        break
                    }
                    last = row
                }
            }
            if let last, last + 1 < rows { next = try cursor(last).text(for: query) }
            json.key("next")
            if let next { json.string(next) } else { json.null() }
            if let count {
                json.key("count")
                json.integer(count)
            }
        }
        return Encoded(bytes: json.bytes, tag: EntityTag(of: json.bytes), next: next)
    }
}

extension Encoded {
    /// The representation of a row.
    ///
    /// - Parameter write: writes its members; the object is begun.
    public static func row(parts: ShownParts? = nil, _ write: (inout JSONWriter) throws -> Void) rethrows -> Encoded {
        var json = JSONWriter()
        try json.object { json in
            try write(&json)
            parts?.append(0, to: &json)
        }
        return Encoded(bytes: json.bytes, tag: EntityTag(of: json.bytes))
    }

    /// The representation of a row with all its columns.
    public init(_ row: Row, of schema: Schema) {
        var json = JSONWriter()
        json.row(row, of: schema)
        self.init(bytes: json.bytes, tag: EntityTag(of: json.bytes))
    }
}

extension JSONWriter {
    /// Writes the members of a row that a projection shows.
    public mutating func members(of row: Row, _ schema: Schema, _ projection: Projection) {
        for column in projection.columns.isEmpty ? Array(schema.columns.indices) : projection.columns {
            key(encoded: schema.columns[column].jsonKey)
            value(row.values[column])
        }
    }
}
