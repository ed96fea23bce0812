/// What is said of a field that a resource does not have: what to write instead, if that can be guessed, else all its fields.
struct UnknownField {
    private let schema: Schema

    init(_ schema: Schema) { self.schema = schema }

    /// Of a key of `sort`, without its minus.
    func problem(inSort field: String) -> String {
        if field.isEmpty { return noField }
        if let key = direction(field) { return "has no key \(field.excerpt); write \(key)" }
        return noField(field, or: [])
    }

    /// Of the name of a parameter, without its comparison.
    ///
    /// - Parameter pages: whether the parameters of a page are understood beside filters.
    func problem(inParameter field: String, pages: Bool) -> String {
        if field.isEmpty { return noField }
        if pages, let instead = ForeignParameter.instead(of: field) { return "is unknown here; \(instead)" }
        if let filter = comparison(field) { return "is unknown here; \(NearName.meant(filter))" }
        return noField(field, or: pages ? Query.parameterNames : [])
    }

    private var noField: String { "names no field; \(schema.resource) have \(names.joined(separator: ", "))" }

    private func noField(_ field: String, or parameters: [String]) -> String {
        let hint =
            NearName.of(field, among: names + parameters).map(NearName.meant) ?? "they have \(names.joined(separator: ", "))"
        return "\(schema.resource) have no field \(field.excerpt); \(hint)"
    }

    /// Whether it is short enough for one to guess what was meant by it.
    private func isName(_ text: String) -> Bool { text.utf8.count <= Excerpt.maximumLength }

    private var names: [String] { schema.columns.map(\.name) }

    /// The key of `price:desc`, `price desc`, `price.asc` or `+price` (whose plus is a blank in a query), as it is written here.
    private func direction(_ key: String) -> String? {
        guard isName(key) else { return nil }
        let parts = key.split { $0 == ":" || $0 == "." || $0 == " " || $0 == "+" }.map(String.init)
        guard let field = parts.first, schema.position(of: field) != nil, field.utf8.count < key.utf8.count else { return nil }
        switch parts.dropFirst().map({ $0.lowercased() }) {
        case [], ["asc"], ["ascending"]: return field
        case ["desc"], ["descending"]: return "-\(field)"
        default: return nil
        }
    }

    /// The filter of `price_gte`, `price__gte` or `price.gte`, as it is written here.
    private func comparison(_ name: String) -> String? {
        guard isName(name) else { return nil }
        guard let end = name.lastIndex(where: { $0 == "_" || $0 == "." }) else { return nil }
        let operation = String(name[name.index(after: end)...])
        var field = name[..<end]
        if field.hasSuffix("_") { field.removeLast() }
        guard Query.Comparison(rawValue: operation) != nil, schema.position(of: String(field)) != nil else { return nil }
        return operation == "eq" ? String(field) : "\(field)[\(operation)]"
    }
}
