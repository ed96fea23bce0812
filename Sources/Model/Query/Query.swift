internal import Bytes

/// Which rows of a resource, in which order, and how many of them.
public struct Query: Hashable, Sendable {
    /// Whose rows.
    public let schema: Schema
    /// All of them hold for each row.
    public var filters: [Filter]
    /// By what the rows are sorted. The last key is always the id, so that the order is total.
    public private(set) var sort: [SortKey]
    /// How many rows a page has at most.
    public var limit: Int
    /// After which row the page begins; nil for the first page.
    public var cursor: Cursor?
    /// Whether the page says how many rows there are on all pages.
    public var countsExactly = false
    /// What is shown of each row.
    public var projection = Projection.whole

    /// The rows of a page if nobody says how many.
    public static let defaultLimit = 50
    /// The rows that a client can ask for in one page.
    public static let maximumLimit = 200
    /// How many values a filter may list.
    public static let maximumListLength = 100

    public init(of schema: Schema, filters: [Filter] = [], sort: [SortKey] = [], limit: Int = defaultLimit) {
        self.schema = schema
        self.filters = filters
        self.limit = limit
        let id = SortKey(column: 0, isDescending: sort.last?.isDescending ?? false)
        self.sort = sort.contains { $0.column == id.column } ? sort : sort + [id]
    }

    /// A condition on one column.
    public struct Filter: Hashable, Sendable {
        /// Its position in the schema's columns.
        public let column: Int
        /// How it is compared.
        public let comparison: Comparison
        /// What is compared with: one value, for `isIn` any number, for `isNull` none.
        public let values: [Value]

        public init(_ column: Int, _ comparison: Comparison, _ values: [Value]) {
            self.column = column
            self.comparison = comparison
            self.values = values
        }
    }

    /// A column by which rows are sorted. Null sorts after everything else.
    public struct SortKey: Hashable, Sendable {
        /// Its position in the schema's columns.
        public let column: Int
        /// Whether the greatest comes first.
        public let isDescending: Bool

        public init(column: Int, isDescending: Bool) {
            self.column = column
            self.isDescending = isDescending
        }
    }

    /// The values of the sort keys of the last row that was seen.
    public struct Cursor: Hashable, Sendable {
        public let values: [Value]

        public init(values: [Value]) { self.values = values }
    }
}

extension Query {
    /// The cursor of a page that begins after `row`.
    public func cursor(after row: Row) -> Cursor { Cursor(values: sort.map { row.values[$0.column] }) }

    /// The tags on which the rows depend: a part of the set if a filter names one, else the set.
    public var tags: [Tag] { schema.tags(selectedBy: filters) }

    /// The same for the same rows in the same order, and short.
    public var cacheKey: String {
        var key = schema.key(of: filters)
        key += "&sort=" + sortNames
        key += "&limit=\(limit)"
        if let cursor { key += "&cursor=" + cursor.values.map(Schema.part).joined() }
        if countsExactly { key += "&count" }
        key += projection.key(of: schema)
        return schema.short(key)
    }

    private var sortNames: String {
        sort.map { "\($0.isDescending ? "-" : "")\(schema.columns[$0.column].name)" }.joined(separator: ",")
    }

    /// What a cursor has to fit: the filters and the order.
    var fingerprint: String {
        String(SHA256(Array((schema.key(of: filters) + "&" + sortNames).utf8)).description.prefix(8))
    }
}

extension Schema {
    /// The key under which the count of the rows that fulfil `filters` is cached.
    public func countKey(_ filters: [Query.Filter]) -> String { short("count:" + key(of: filters)) }

    func key(of filters: [Query.Filter]) -> String {
        let conditions = filters.map { filter in
            "\(columns[filter.column].name)[\(filter.comparison.rawValue)]=\(filter.values.map(Self.part).joined())"
        }
        return resource + "?" + conditions.sorted().joined(separator: "&")
    }

    /// A value in a key, after its length: a text may hold whatever else could separate it from the next.
    fileprivate static func part(_ value: Value) -> String { value.text.map { "\($0.utf8.count):\($0)" } ?? "n" }

    /// Long keys are replaced by their digest, because Redis keeps every byte of them; and those beyond ASCII, where
    /// different bytes can be equal strings.
    fileprivate func short(_ key: String) -> String {
        let isPlain = key.utf8.count <= 200 && key.utf8.allSatisfy { $0 < 0x80 }
        return isPlain ? key : "\(resource)?\(SHA256(Array(key.utf8)))"
    }
}
