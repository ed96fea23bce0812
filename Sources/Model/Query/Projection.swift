/// What a representation shows of a row: which of its fields, and what is read beside it.
public struct Projection: Hashable, Sendable {
    /// The positions of the columns; empty for all.
    public var columns: [Int]
    /// The positions in ``Schema/parts`` of what is shown within the row.
    public var parts: [Int]

    /// The row itself, with all its fields.
    public static let whole = Projection()

    public init(columns: [Int] = [], parts: [Int] = []) {
        self.columns = columns
        self.parts = parts
    }

    /// Whether it shows a column.
    public func shows(_ column: Int) -> Bool { columns.isEmpty || columns.contains(column) }

    /// What tells its representations from others of the same row or list; empty for the whole row.
    public func key(of schema: Schema) -> String {
        if columns.isEmpty, parts.isEmpty { return "" }
        var key = ""
        if !columns.isEmpty { key += "&fields=" + columns.map { schema.columns[$0].name }.joined(separator: ",") }
        if !parts.isEmpty { key += "&include=" + parts.map { schema.parts[$0].name }.joined(separator: ",") }
        return key
    }
}

/// Bytes of JSON that are shown within a row under the names of its parts: for each row those of each part.
public struct ShownParts: Sendable {
    /// With their colons, in the order of the projection.
    let keys: [[UInt8]]
    /// By part, then by row. All have the same number of rows.
    private(set) var values: [[[UInt8]]] = []
    /// Of how many rows the parts fit into a page.
    public private(set) var rows: Int

    /// What is shown of `rows`, the values of whose columns `value` knows; records the tags on which that depends.
    ///
    /// - Parameter value: of a row, by its number, the value of a column: that of its id, or of a reference.
    /// - Returns: what belongs to the first of the rows, as many as fit into a page with their parts, and one at least.
    public init(
        of projection: Projection, _ schema: Schema, rows: Int, from source: some SnapshotSource, _ context: ReadContext,
        value: (_ row: Int, _ column: Int) -> Value
    ) async throws {
        self.rows = rows
        keys = projection.parts.map { Array("\"\(schema.parts[$0].name)\":".utf8) }
        for part in projection.parts {
            let shown: [[UInt8]]
            switch schema.parts[part].source {
            case .reference(let column, let entity):
                let references = (0..<self.rows).map { value($0, column) }
                shown = try await Self.references(references, entity.schema, source, context)
            case .owned(let owned):
                let owners = (0..<self.rows).map { value($0, 0) }
                shown = try await Self.owned(owned, owners, schema, source)
            }
            self.rows = shown.count
            values.append(shown)
        }
    }

    /// The members of a row that has them all behind its own.
    func append(_ row: Int, to json: inout JSONWriter) {
        for (key, values) in zip(keys, values) {
            json.key(encoded: key)
            json.encoded(values[row])
        }
    }

    private static func references(
        _ references: [Value], _ schema: Schema, _ source: some SnapshotSource, _ context: ReadContext
    ) async throws -> [[UInt8]] {
        var seen: Set<Value> = []
        // In the order in which they are needed, so that those which fit are the first ones.
        let ids = references.filter { $0 != .null && seen.insert($0).inserted }
        context.depend(on: schema.tags(showing: ids))
        let rows = ids.isEmpty ? [] : try await source.firstRows(ids, of: schema)
        let byID = Dictionary(rows.map { ($0.id, $0) }) { $1 }
        var encoded: [Value: [UInt8]] = [.null: Array("null".utf8)]
        return fitting(references) { reference in
            if let known = encoded[reference] { return known }
            // What is not among the rows was left out, since those before it fill the page.
            guard let row = byID[reference] else { return nil }
            var json = JSONWriter()
            json.row(row, of: schema)
            encoded[reference] = json.bytes
            return json.bytes
        }
    }

    /// A change of what a row owns touches the tags of the row, on which the representation depends already.
    private static func owned(
        _ owned: OwnedRows, _ owners: [Value], _ schema: Schema, _ source: some SnapshotSource
    ) async throws -> [[UInt8]] {
        guard !owners.isEmpty else { return [] }
        let rows = Dictionary(grouping: try await source.owned(owned, by: owners, of: schema), by: \.owner)
        return fitting(owners) { owner in
            var json = JSONWriter()
            json.array { json in
                for row in rows[owner] ?? [] {
                    json.object { json in
                        for (column, value) in zip(owned.columns, row.values) {
                            json.key(encoded: column.jsonKey)
                            json.value(value)
                        }
                    }
                }
            }
            return json.bytes
        }
    }

    /// The parts of the first elements, as many as fit into a page, and one at least.
    ///
    /// - Parameter part: nil if it was not read. Of the first element, which always is, that means that there is none: somebody
    ///   took the constraint away that keeps it.
    private static func fitting(_ elements: [Value], _ part: (Value) -> [UInt8]?) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var bytes = 0
        for element in elements {
            guard let part = part(element) ?? (parts.isEmpty ? Array("null".utf8) : nil) else { break }
            bytes += part.count
            if bytes > PageLimits.maximumBytes, !parts.isEmpty { break }
            parts.append(part)
        }
        return parts
    }
}
