/// A parameter of a query that cannot be understood.
public struct InvalidParameter: Error, Hashable, Sendable {
    /// Its name as it was given.
    public let name: String
    /// What is expected.
    public let detail: String

    public init(_ name: String, _ detail: String) {
        self.name = name
        self.detail = detail
    }
}

extension Query {
    /// Reads a query from the parameters of a URL, decoded: `limit`, `cursor`, `sort`, `count`, and filters as
    /// `field=value` or `field[comparison]=value`.
    ///
    /// - Throws: ``InvalidParameter``s, all at once.
    public init(parameters: [(name: String, value: String)]) throws(InvalidParameters) {
        var reader = QueryReader<E>()
        for (name, value) in parameters { reader.read(name, value, pages: true) }
        self = try reader.query()
    }

    /// Reads filters alone, for a count.
    public static func filters(parameters: [(name: String, value: String)]) throws(InvalidParameters) -> [Filter] {
        var reader = QueryReader<E>()
        for (name, value) in parameters { reader.read(name, value, pages: false) }
        return try reader.query().filters
    }
}

extension Projection {
    /// Reads what is to be shown of one row from the parameters of a URL, decoded: `fields` and `include`.
    ///
    /// - Throws: ``InvalidParameter``s, all at once.
    public init(parameters: [(name: String, value: String)]) throws(InvalidParameters) {
        self = .whole
        var problems: [InvalidParameter] = []
        var seen: Set<String> = []
        for (name, value) in parameters {
            do throws(InvalidParameter) {
                guard seen.insert(name).inserted else { throw InvalidParameter(name, "is given twice") }
                guard try read(name, value) else { throw InvalidParameter(name, "is unknown here") }
            } catch {
                problems.append(error)
            }
        }
        guard problems.isEmpty else { throw InvalidParameters(problems) }
    }

    /// - Returns: whether it is a parameter of a projection.
    fileprivate mutating func read(_ name: String, _ value: String) throws(InvalidParameter) -> Bool {
        switch name {
        case "fields": columns = try Self.positions(name, value, among: E.schema.columns.map(\.name))
        case "include": parts = try Self.positions(name, value, among: E.parts.map(\.name)).map { E.parts[$0] }
        default: return false
        }
        return true
    }

    /// Where the listed names stand among those that there are, in their order.
    private static func positions(_ name: String, _ value: String, among known: [String]) throws(InvalidParameter) -> [Int] {
        var positions: Set<Int> = []
        for part in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let position = known.firstIndex(of: String(part)) else {
                let expected = known.isEmpty ? "\(E.resource) have none" : "expects some of \(known.joined(separator: ", "))"
                throw InvalidParameter(name, expected + ", divided by commas")
            }
            guard positions.insert(position).inserted else { throw InvalidParameter(name, "names \(part) twice") }
        }
        return positions.sorted()
    }
}

/// All the parameters that cannot be understood.
public struct InvalidParameters: Error, Hashable, Sendable {
    public let problems: [InvalidParameter]

    public init(_ problems: [InvalidParameter]) { self.problems = problems }
}

private struct QueryReader<E: Entity> {
    typealias Q = Query<E>

    private var filters: [Q.Filter] = []
    private var sort: [Q.SortKey] = []
    private var limit = Q.defaultLimit
    private var cursor: String?
    private var countsExactly = false
    private var projection = Projection<E>.whole
    private var seen: Set<String> = []
    private var problems: [InvalidParameter] = []

    mutating func read(_ name: String, _ value: String, pages: Bool) {
        do throws(InvalidParameter) {
            guard seen.insert(name).inserted else { throw InvalidParameter(name, "is given twice") }
            switch name {
            case "limit" where pages: limit = try Self.limit(name, value)
            case "cursor" where pages: cursor = value
            case "sort" where pages: sort = try Self.sort(name, value)
            case "count" where pages:
                guard value == "exact" else { throw InvalidParameter(name, "expects exact") }
                countsExactly = true
            default:
                if pages, try projection.read(name, value) { break }
                filters.append(try Self.filter(name, value))
            }
        } catch {
            problems.append(error)
        }
    }

    mutating func query() throws(InvalidParameters) -> Q {
        var query = Q(filters: filters, sort: sort, limit: limit)
        query.countsExactly = countsExactly
        query.projection = projection
        if let cursor, problems.isEmpty {
            query.cursor = Q.Cursor(cursor, for: query)
            if query.cursor == nil {
                problems.append(
                    InvalidParameter("cursor", "expects the \"next\" of a page with the same filters and the same sort"))
            }
        }
        guard problems.isEmpty else { throw InvalidParameters(problems) }
        return query
    }

    private static func limit(_ name: String, _ value: String) throws(InvalidParameter) -> Int {
        guard case .integer(let limit) = Kind.integer.value(from: value), 1...Int64(Q.maximumLimit) ~= limit else {
            throw InvalidParameter(name, "expects a whole number from 1 to \(Q.maximumLimit)")
        }
        return Int(limit)
    }

    private static func sort(_ name: String, _ value: String) throws(InvalidParameter) -> [Q.SortKey] {
        var keys: [Q.SortKey] = []
        for part in value.split(separator: ",", omittingEmptySubsequences: false) {
            let isDescending = part.hasPrefix("-")
            let field = String(isDescending ? part.dropFirst() : part)
            guard let column = E.schema.position(of: field) else { throw InvalidParameter(name, unknown(field)) }
            guard !keys.contains(where: { $0.column == column }) else {
                throw InvalidParameter(name, "names \(field) twice")
            }
            guard E.schema.columns[column].isSortable else {
                throw InvalidParameter(name, "names \(field), whose texts are too long to sort by")
            }
            keys.append(Q.SortKey(column: column, isDescending: isDescending))
        }
        return keys
    }

    private static func filter(_ name: String, _ text: String) throws(InvalidParameter) -> Q.Filter {
        var field = name[...]
        var comparison = Q.Comparison.equal
        if let bracket = name.firstIndex(of: "["), name.hasSuffix("]") {
            let operation = name[name.index(after: bracket)...].dropLast()
            field = name[..<bracket]
            guard let known = Q.Comparison(rawValue: String(operation)), known != .equal, known != .isNotNull else {
                throw InvalidParameter(name, "knows the comparisons gt, gte, lt, lte, ne, in, contains and null")
            }
            comparison = known
        }
        guard let position = E.schema.position(of: String(field)) else { throw InvalidParameter(name, unknown(String(field))) }
        let column = E.schema.columns[position]
        func value(_ text: some StringProtocol) throws(InvalidParameter) -> Value {
            guard let value = column.kind.value(from: text) else {
                throw InvalidParameter(name, "expects \(column.kind.expectation)")
            }
            if let choices = column.field?.choices, comparison != .contains, !choices.contains(String(text)) {
                throw InvalidParameter(name, "expects one of \(choices.joined(separator: ", "))")
            }
            return value
        }
        switch comparison {
        case .isNull:
            guard column.isOptional else { throw InvalidParameter(name, "\(field) is never null") }
            guard case .bool(let isNull) = Kind.bool.value(from: text) else {
                throw InvalidParameter(name, "expects true or false")
            }
            return Q.Filter(position, isNull ? .isNull : .isNotNull, [])
        case .isIn:
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            guard parts.count <= Q.maximumListLength else {
                throw InvalidParameter(name, "lists at most \(Q.maximumListLength) values")
            }
            var values: [Value] = []
            for part in parts { values.append(try value(part)) }
            return Q.Filter(position, .isIn, values)
        case .contains:
            guard column.kind == .text else { throw InvalidParameter(name, "\(field) is not a text") }
            return Q.Filter(position, .contains, [try value(text)])
        default:
            return Q.Filter(position, comparison, [try value(text)])
        }
    }

    private static func unknown(_ field: String) -> String {
        let fields = E.schema.columns.map(\.name).joined(separator: ", ")
        return field.isEmpty
            ? "names no field; \(E.resource) have \(fields)" : "\(E.resource) have no field \(field); they have \(fields)"
    }
}
