extension Query {
    /// The parameters of a list that are no filters.
    static let parameterNames = ["limit", "cursor", "sort", "count"] + Projection.names

    /// Reads a query from the parameters of a URL: `limit`, `cursor`, `sort`, `count`, `fields`, `include`, and filters as
    /// `field=value` or `field[comparison]=value`.
    ///
    /// - Throws: ``InvalidParameter``s, all at once.
    public init(of schema: Schema, parameters: [QueryParameter]) throws(InvalidParameters) {
        var reader = QueryReader(schema)
        for parameter in parameters { reader.read(parameter, pages: true) }
        self = try reader.query()
    }

    /// Reads filters alone, for a count.
    public static func filters(of schema: Schema, parameters: [QueryParameter]) throws(InvalidParameters) -> [Filter] {
        var reader = QueryReader(schema)
        for parameter in parameters { reader.read(parameter, pages: false) }
        return try reader.query().filters
    }
}

private struct QueryReader {
    private let schema: Schema
    private var filters: [Query.Filter] = []
    private var sort: [Query.SortKey] = []
    private var limit = Query.defaultLimit
    private var cursor: String?
    private var countsExactly = false
    private var projection = Projection.whole
    private var seen: Set<ExactText> = []
    private var problems: [InvalidParameter] = []

    init(_ schema: Schema) { self.schema = schema }

    mutating func read(_ parameter: QueryParameter, pages: Bool) {
        let name = parameter.name
        do throws(InvalidParameter) {
            guard seen.insert(ExactText(name)).inserted else { throw InvalidParameter(name, "is given twice") }
            switch name {
            case "limit" where pages: limit = try Self.limit(parameter)
            case "cursor" where pages: cursor = parameter.value
            case "sort" where pages: sort = try self.sort(parameter)
            case "count" where pages:
                guard ExactText(parameter.value) == ExactText("exact") else { throw InvalidParameter(name, "expects exact") }
                countsExactly = true
            default:
                if pages, try projection.read(parameter, of: schema) { break }
                filters.append(try filter(parameter, pages: pages))
            }
        } catch {
            problems.append(error)
        }
    }

    mutating func query() throws(InvalidParameters) -> Query {
        var query = Query(of: schema, filters: filters, sort: sort, limit: limit)
        query.countsExactly = countsExactly
        query.projection = projection
        if let cursor, problems.isEmpty {
            query.cursor = Query.Cursor(cursor, for: query)
            if query.cursor == nil {
                problems.append(
                    InvalidParameter("cursor", "expects the \"next\" of a page with the same filters and the same sort"))
            }
        }
        guard problems.isEmpty else { throw InvalidParameters(problems) }
        return query
    }

    private static func limit(_ parameter: QueryParameter) throws(InvalidParameter) -> Int {
        guard case .integer(let limit) = Kind.integer.value(from: parameter.value), 1...Int64(Query.maximumLimit) ~= limit else {
            throw InvalidParameter(parameter.name, "expects a whole number from 1 to \(Query.maximumLimit)")
        }
        return Int(limit)
    }

    private func sort(_ parameter: QueryParameter) throws(InvalidParameter) -> [Query.SortKey] {
        var keys: [Query.SortKey] = []
        for part in parameter.names {
            let isDescending = part.utf8.first == UInt8(ascii: "-")
            let field = isDescending ? String(Substring(part.utf8.dropFirst())) : part
            guard let column = schema.position(of: field) else {
                throw InvalidParameter(parameter.name, UnknownField(schema).problem(inSort: field))
            }
            guard !keys.contains(where: { $0.column == column }) else {
                throw InvalidParameter(parameter.name, "names \(field) twice")
            }
            guard schema.columns[column].isSortable else {
                throw InvalidParameter(parameter.name, "names \(field), whose texts are too long to sort by")
            }
            keys.append(Query.SortKey(column: column, isDescending: isDescending))
        }
        return keys
    }

    private func filter(_ parameter: QueryParameter, pages: Bool) throws(InvalidParameter) -> Query.Filter {
        let (name, text) = (parameter.name, parameter.value)
        let (field, comparison) = try Self.condition(name)
        guard let position = schema.position(of: field) else {
            throw InvalidParameter(name, UnknownField(schema).problem(inParameter: field, pages: pages))
        }
        let column = schema.columns[position]
        if let misfit = comparison.misfit(column) { throw InvalidParameter(name, "\(field) \(misfit)") }
        switch comparison.operand {
        case .flag(let otherwise):
            guard case .bool(let holds) = Kind.bool.value(from: text) else {
                throw InvalidParameter(name, "expects true or false")
            }
            return Query.Filter(position, holds ? comparison : otherwise, [])
        case .list:
            let holdsCommas = column.kind == .text && column.choices == nil
            let parts = holdsCommas ? parameter.texts : parameter.names
            guard parts.count <= Query.maximumListLength else {
                throw InvalidParameter(name, "lists at most \(Query.maximumListLength) values")
            }
            var values: [Value] = []
            for part in parts { values.append(try Self.value(part, of: column, name)) }
            return Query.Filter(position, comparison, values)
        case .part:
            guard let part = Kind.text.value(from: text) else {
                throw InvalidParameter(name, "expects \(Kind.text.expectation)")
            }
            return Query.Filter(position, comparison, [part])
        case .value, .none:
            return Query.Filter(position, comparison, [try Self.value(text, of: column, name)])
        }
    }

    /// The field and the comparison that `field[comparison]` names.
    private static func condition(_ name: String) throws(InvalidParameter) -> (field: String, Query.Comparison) {
        let bytes = name.utf8
        guard let bracket = bytes.firstIndex(of: UInt8(ascii: "[")), bytes.last == UInt8(ascii: "]") else {
            return (name, .equal)
        }
        let operation = String(Substring(bytes[bracket...].dropFirst().dropLast()))
        guard let known = Query.Comparison(rawValue: operation), Query.Comparison.given.contains(known) else {
            let names = Query.Comparison.given.map(\.rawValue)
            throw InvalidParameter(
                name,
                NearName.of(operation, among: ["gte", "lte"] + names).map { NearName.meant("[\($0)]") }
                    ?? "knows the comparisons \(names.dropLast().joined(separator: ", ")) and \(names.last!)")
        }
        return (String(name[..<bracket]), known)
    }

    private static func value(_ text: String, of column: Column, _ name: String) throws(InvalidParameter) -> Value {
        guard let value = column.kind.value(from: text) else {
            // In a query a plus is a blank, and the time would be one with a plus.
            let isBlank = column.kind == .timestamp && text.utf8.contains(UInt8(ascii: " "))
            throw InvalidParameter(name, "expects \(column.kind.expectation)" + (isBlank ? ", with + written as %2B" : ""))
        }
        if let choices = column.choices, !choices.contains(where: { ExactText($0) == ExactText(text) }) {
            throw InvalidParameter(name, "expects one of \(choices.joined(separator: ", "))")
        }
        return value
    }
}

extension Query.Comparison {
    /// Those that stand in brackets, in the order in which errors name them.
    fileprivate static var given: [Self] { allCases.filter { $0 != .equal && $0.operand != .none } }
}
