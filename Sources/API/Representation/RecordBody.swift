internal import Domain

/// The members of a JSON object that a client sent, read as the declaration of a record says.
struct RecordBody<R: Record> {
    /// The fields that were given, valid each by itself.
    private(set) var values: [(field: Field<R>, value: Value)] = []
    private(set) var problems: [FieldProblem] = []
    /// Where the object stands in the document.
    private let pointer: String

    /// - Parameters:
    ///   - pointer: where the object stands in the document (RFC 6901).
    ///   - extras: names of members that the record does not have, but that the request may.
    /// - Throws: ``DomainError/invalid(_:)`` if it is no object.
    init(_ json: JSONValue, at pointer: String = "", extras: [String] = []) throws(DomainError) {
        self.pointer = pointer
        guard case .object(let members) = json else {
            throw .invalid([FieldProblem(pointer: pointer, detail: "expects a JSON object")])
        }
        for member in members where !extras.contains(member.name) && problems.count < Problem.maximumErrors {
            switch Self.read(member) {
            case .success(let (field, value)): values.append((field, value))
            case .failure(let problem): problems.append(FieldProblem(field: member.name, of: pointer, problem.detail))
            }
        }
    }

    private struct MemberProblem: Error {
        let detail: String
    }

    private static func read(_ member: JSONValue.Member) -> Result<(Field<R>, Value), MemberProblem> {
        guard let field = R.fields.first(where: { $0.name == member.name }) else {
            return .failure(MemberProblem(detail: unknown(member.name)))
        }
        if field.rules.isDerived { return .failure(MemberProblem(detail: "is computed by the service")) }
        guard let value = member.value.value(of: field.kind) else {
            return .failure(MemberProblem(detail: "expects \(field.kind == .text ? "a string" : field.kind.expectation)"))
        }
        if let problem = field.problem(with: value) { return .failure(MemberProblem(detail: problem)) }
        return .success((field, value))
    }

    /// The fields that a body may have.
    private static var given: [String] { R.fields.filter { !$0.rules.isDerived }.map(\.name) }

    private static func unknown(_ name: String) -> String {
        ["id", "version", "created_at", "updated_at"].contains(name)
            ? "is given by the service"
            : "is unknown; \(NearName.hint(for: name, among: given, "the fields are"))"
    }
}

extension RecordBody {
    /// Adds a problem for each field that has no default and was not given.
    mutating func demandAll(but ignored: Set<String> = []) {
        // Of more problems than are listed, those of the members that were read are enough.
        guard problems.count < Problem.maximumErrors else { return }
        for field in R.fields where field.isRequired && !ignored.contains(field.name) {
            let problem = FieldProblem(field: field.name, of: pointer, "is missing")
            let isGiven =
                values.contains { $0.field.name == field.name } || problems.contains { $0.pointer == problem.pointer }
            if !isGiven { problems.append(problem) }
        }
    }

    /// A whole record: every field that has no default must be there.
    ///
    /// - Throws: ``DomainError/invalid(_:)`` with all that is wrong.
    func record() throws(DomainError) -> R {
        var whole = self
        whole.demandAll()
        return try whole.merged(into: R())
    }

    /// A record with the given fields changed (RFC 7396).
    ///
    /// - Throws: ``DomainError/invalid(_:)`` with all that is wrong.
    func merged(into record: R) throws(DomainError) -> R {
        guard problems.isEmpty else { throw .invalid(problems) }
        var record = record
        for (field, value) in values {
            let fits = field.assign(value, to: &record)
            precondition(fits, "a value that was found valid fits its field")
        }
        return record
    }
}

extension RecordBody where R: Entity {
    /// A row's value with the given fields changed. What cannot be read of it has to be among them, or be computed.
    /// Found while rows are written, so what is missing is pointed at from its own object.
    ///
    /// - Throws: ``DomainError/invalid(_:)`` with all that is wrong.
    func merged(into row: Stored<R>) throws(DomainError) -> R {
        let left = R.fields.filter { field in
            row.unreadable.contains(field.name) && !field.rules.isDerived && !values.contains { $0.field.name == field.name }
        }
        guard left.isEmpty || !problems.isEmpty else {
            let detail = "holds a value that its declaration does not allow; give it another one"
            throw .invalid(left.map { FieldProblem(field: $0.name, detail) })
        }
        return try merged(into: row.value)
    }
}

extension JSONValue {
    /// The value of a field of this kind; nil if the JSON is of another type.
    func value(of kind: Kind) -> Value? {
        switch (self, kind) {
        case (.null, _): .null
        case (.bool(let bool), .bool): .bool(bool)
        case (.number(let text), .integer): Self.integer(text).map(Value.integer)
        case (.string(let text), .text): .text(text)
        case (.string(let text), .money), (.string(let text), .day), (.string(let text), .timestamp), (.string(let text), .uuid):
            kind.value(from: text)
        default: nil
        }
    }

    /// A number without a fraction, in whichever form: `7`, `7.0` and `70e-1` are the same (JSON Schema, integer).
    private static func integer(_ text: String) -> Int64? {
        if let integer = Int64(text) { return integer }
        let parts = text.split { $0 == "e" || $0 == "E" }
        let mantissa = parts[0].split(separator: ".")
        let fraction = mantissa.dropFirst().first ?? ""
        let digits = String(mantissa[0] + fraction)
        let zeros = digits.reversed().prefix { $0 == "0" }.count
        let significant = digits.dropLast(zeros)
        if significant.isEmpty || significant == "-" { return 0 }
        // An Int32, so that the sum cannot overflow.
        guard let exponent = parts.count == 1 ? 0 : Int32(parts[1]) else { return nil }
        let power = Int(exponent) - fraction.count + zeros
        return 0...18 ~= power ? Int64(significant + String(repeating: "0", count: power)) : nil
    }
}
