/// What a representation shows of a row: which of its fields, and what is read beside it.
public struct Projection<E: Entity>: Hashable, Sendable {
    /// The positions of the columns; empty for all.
    public var columns: [Int]
    /// What is shown within the row, in the order of ``Entity/parts``.
    public var parts: [Part]

    /// The row itself, with all its fields.
    public static var whole: Projection { Projection() }

    public init(columns: [Int] = [], parts: [Part] = []) {
        self.columns = columns
        self.parts = parts
    }

    /// What tells its representations from others of the same row or list; empty for the whole row.
    public var key: String {
        var key = ""
        if !columns.isEmpty { key += "&fields=" + columns.map { E.schema.columns[$0].name }.joined(separator: ",") }
        if !parts.isEmpty { key += "&include=" + parts.map(\.name).joined(separator: ",") }
        return key
    }
}

/// Something that can be shown within a row, as an article's author is.
public struct Part: Hashable, Sendable {
    /// Its name in `include` and in JSON.
    public let name: String
    public let source: Source

    /// Where it comes from.
    public enum Source: Hashable, Sendable {
        /// The row of a resource whose id is in a field.
        case reference(field: String, resource: String)
        /// The lines of an order.
        case lines
    }

    public init(name: String, source: Source) {
        self.name = name
        self.source = source
    }
}

extension Part {
    /// What follows from the references among fields: `author` from `author_id`.
    public static func references<E: Entity>(of fields: [Field<E>]) -> [Part] {
        fields.compactMap { field in
            guard let resource = field.rules.references, field.name.hasSuffix("_id") else { return nil }
            return Part(name: String(field.name.dropLast(3)), source: .reference(field: field.name, resource: resource))
        }
    }
}

/// A row as it is shown.
public struct Shown<E: Entity>: Sendable, JSONEncodable {
    public let row: Stored<E>
    public let projection: Projection<E>
    /// The JSON of each of the projection's parts.
    var parts: [[UInt8]] = []

    public init(_ row: Stored<E>, _ projection: Projection<E>) {
        self.row = row
        self.projection = projection
    }

    public func encode(to json: inout JSONWriter) {
        json.object { json in
            let columns = projection.columns.isEmpty ? Array(E.schema.columns.indices) : projection.columns
            for column in columns {
                json.key(E.schema.columns[column].name)
                json.value(E.schema.columns[column].value(of: row))
            }
            for (part, encoded) in zip(projection.parts, parts) {
                json.key(part.name)
                json.encoded(encoded)
            }
        }
    }
}

/// Reads what is shown within rows, as it was at the moment at which they were read. Each call is one query, whatever the number
/// of rows.
public protocol PartSource {
    /// - Parameter ids: each once.
    /// - Returns: the rows in any order: all of them, or those of the first ids, if these fill a page already
    ///   (``PageLimits/maximumBytes``).
    func rows<E: Entity>(_ ids: [ID<E>], _ context: ReadContext) async throws -> [Stored<E>]
    /// The lines of all these orders, by order and number.
    func lines(of orders: [ID<Order>], _ context: ReadContext) async throws -> [OrderLine]
}

extension Projection {
    /// How many rows beside its own a representation depends on one by one; beyond that it depends on all of their resource.
    private static var maximumTags: Int { 64 }

    /// Reads the parts of rows that were read, and records the tags on which they depend.
    ///
    /// - Returns: the first of the rows, as many as fit into a page with their parts, and one at least.
    public func show(
        _ rows: [Stored<E>], from source: some PartSource, _ context: ReadContext
    ) async throws -> [Shown<E>] {
        var shown = rows.map { Shown($0, self) }
        for part in parts {
            let encoded: [[UInt8]]
            let rows = shown.map(\.row)
            switch part.source {
            case .reference(let field, let resource):
                let column = E.schema.columns[E.schema.position(of: field)!]
                encoded = try await read(Resources.named(resource)!, rows.map { column.value(of: $0) }, source, context)
            case .lines:
                encoded = try await readLines(rows, source, context)
            }
            shown.removeLast(shown.count - encoded.count)
            for index in shown.indices { shown[index].parts.append(encoded[index]) }
        }
        return shown
    }

    private func read<P: Entity>(
        _ parent: P.Type, _ references: [Value], _ source: some PartSource, _ context: ReadContext
    ) async throws -> [[UInt8]] {
        var seen: Set<ID<P>> = []
        // In the order in which they are needed, so that those which fit are the first ones.
        let ids = references.compactMap { ID<P>($0) }.filter { seen.insert($0).inserted }
        if ids.count > Self.maximumTags {
            context.depend(on: P.setTag)
        } else {
            for id in ids { context.depend(on: P.tag(of: id)) }
        }
        let rows = ids.isEmpty ? [] : try await source.rows(ids, context)
        let byID = Dictionary(uniqueKeysWithValues: rows.map { ($0.id.value, $0) })
        var encoded: [Value: [UInt8]] = [.null: Array("null".utf8)]
        return Self.fitting(references) { reference in
            if let known = encoded[reference] { return known }
            // What is not among the rows was left out, since those before it fill the page.
            guard let row = byID[reference] else { return nil }
            var json = JSONWriter()
            row.encode(to: &json)
            encoded[reference] = json.bytes
            return json.bytes
        }
    }

    /// The parts of the first elements, as many as fit into a page, and one at least.
    ///
    /// - Parameter part: nil if it was not read.
    private static func fitting<Element>(_ elements: [Element], _ part: (Element) -> [UInt8]?) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var bytes = 0
        for element in elements {
            guard let part = part(element) else { break }
            bytes += part.count
            if bytes > PageLimits.maximumBytes, !parts.isEmpty { break }
            parts.append(part)
        }
        return parts
    }

    /// A change of a line touches the tags of its order, on which the rows depend already.
    private func readLines(
        _ rows: [Stored<E>], _ source: some PartSource, _ context: ReadContext
    ) async throws -> [[UInt8]] {
        let orders = rows.map { $0.id as! ID<Order> }  // no other entity has lines among its parts
        guard !orders.isEmpty else { return [] }
        let lines = Dictionary(grouping: try await source.lines(of: orders, context), by: \.orderID)
        return Self.fitting(orders) { order in
            var json = JSONWriter()
            json.array { json in
                for line in lines[order] ?? [] {
                    json.object { json in
                        json.key("product_id")
                        json.integer(line.productID.key)
                        json.key("quantity")
                        json.integer(line.quantity)
                    }
                }
            }
            return json.bytes
        }
    }
}
