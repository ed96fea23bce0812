extension Projection {
    /// Reads what is to be shown of one row from the parameters of a URL: `fields` and `include`.
    ///
    /// - Throws: ``InvalidParameter``s, all at once.
    public init(of schema: Schema, parameters: [QueryParameter]) throws(InvalidParameters) {
        self = .whole
        var problems: [InvalidParameter] = []
        var seen: Set<ExactText> = []
        for parameter in parameters {
            do throws(InvalidParameter) {
                let name = parameter.name
                guard seen.insert(ExactText(name)).inserted else { throw InvalidParameter(name, "is given twice") }
                guard try read(parameter, of: schema) else {
                    throw InvalidParameter(name, ForeignParameter.problem(of: name, Self.names))
                }
            } catch {
                problems.append(error)
            }
        }
        guard problems.isEmpty else { throw InvalidParameters(problems) }
    }

    /// The parameters of a projection.
    static var names: [String] { ["fields", "include"] }

    /// - Returns: whether it is a parameter of a projection.
    mutating func read(_ parameter: QueryParameter, of schema: Schema) throws(InvalidParameter) -> Bool {
        switch parameter.name {
        case "fields": columns = try Self.positions(parameter, schema.columns.map(\.name), of: schema)
        case "include": parts = try Self.positions(parameter, schema.parts.map(\.name), of: schema)
        default: return false
        }
        return true
    }

    /// Where the listed names stand among those that there are, in their order.
    private static func positions(
        _ parameter: QueryParameter, _ known: [String], of schema: Schema
    ) throws(InvalidParameter) -> [Int] {
        guard !known.isEmpty else {
            throw InvalidParameter(
                parameter.name, "is unknown here: \(schema.resource) have nothing that can be shown within them")
        }
        var positions: Set<Int> = []
        for part in parameter.names {
            guard let position = known.firstIndex(where: { ExactText($0) == ExactText(part) }) else {
                let all = "expects some of \(known.joined(separator: ", ")), divided by commas"
                let near = NearName.of(part, among: known)
                throw InvalidParameter(parameter.name, near.map { "has no \(part.excerpt); \(NearName.meant($0))" } ?? all)
            }
            guard positions.insert(position).inserted else { throw InvalidParameter(parameter.name, "names \(part) twice") }
        }
        return positions.sorted()
    }
}
