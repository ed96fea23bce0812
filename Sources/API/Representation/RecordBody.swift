internal import Model

/// The members of a JSON object that a client sent, read as the declaration of a record says.
struct RecordBody {
    /// The fields that were given, valid each by itself, by their positions among the record's columns.
    private(set) var values: [(position: Int, value: Value)] = []
    private(set) var problems: [FieldProblem] = []
    private let columns: [Column]
    /// Where the object stands in the document.
    private let pointer: String

    /// - Parameters:
    ///   - columns: those of the record.
    ///   - pointer: where the object stands in the document (RFC 6901).
    ///   - extras: names of members that the record does not have, but that the request may.
    /// - Throws: ``DomainError/invalid(_:)`` if it is no object.
    init(_ json: JSONValue, of columns: [Column], at pointer: String = "", extras: [String] = []) throws(DomainError) {
        self.columns = columns
        self.pointer = pointer
        guard case .object(let members) = json else {
            throw .invalid([FieldProblem(pointer: pointer, detail: "expects a JSON object")])
        }
        for member in members where !extras.contains(member.name) && problems.count < Problem.maximumErrors {
            switch read(member) {
            case .success(let given): values.append(given)
            case .failure(let problem): problems.append(FieldProblem(field: member.name, of: pointer, problem.detail))
            }
        }
    }

    private struct MemberProblem: Error {
        let detail: String
    }

    private func read(_ member: JSONValue.Member) -> Result<(position: Int, value: Value), MemberProblem> {
        guard let position = columns.firstIndex(where: { $0.name == member.name }) else {
            return .failure(MemberProblem(detail: unknown(member.name)))
        }
        let column = columns[position]
        if column.rules.isDerived { return .failure(MemberProblem(detail: "is computed by the service")) }
        if column.rules.isChangedByActions { return .failure(MemberProblem(detail: "is changed by its actions alone")) }
        guard let value = member.value.value(of: column.kind) else {
            return .failure(MemberProblem(detail: "expects \(column.kind == .text ? "a string" : column.kind.expectation)"))
        }
        if let problem = column.problem(with: value) { return .failure(MemberProblem(detail: problem)) }
        return .success((position, value))
    }

    private func unknown(_ name: String) -> String {
        if ["id", "version", "created_at", "updated_at"].contains(name) { return "is given by the service" }
        let given = columns.filter(\.isGiven).map(\.name)
        return "is unknown; \(NearName.hint(for: name, among: given, "the fields are"))"
    }
}

extension RecordBody {
    /// Adds a problem for each field that has no default and was not given.
    ///
    /// - Parameter ignored: the positions of fields that need not be there.
    mutating func demandAll(but ignored: Set<Int> = []) {
        // Of more problems than are listed, those of the members that were read are enough.
        guard problems.count < Problem.maximumErrors else { return }
        for (position, column) in columns.enumerated() where column.isRequired && !ignored.contains(position) {
            let problem = FieldProblem(field: column.name, of: pointer, "is missing")
            let isGiven = gives(position) || problems.contains { $0.pointer == problem.pointer }
            if !isGiven { problems.append(problem) }
        }
    }

    private func gives(_ position: Int) -> Bool { values.contains { $0.position == position } }

    /// The values of a whole record: every field that has no default must be there.
    ///
    /// - Throws: ``DomainError/invalid(_:)`` with all that is wrong.
    func record() throws(DomainError) -> [Value] {
        var whole = self
        whole.demandAll()
        return try whole.merged(into: columns.map(\.initialValue))
    }

    /// The values of a record with the given fields changed (RFC 7396).
    ///
    /// - Throws: ``DomainError/invalid(_:)`` with all that is wrong.
    func merged(into record: [Value]) throws(DomainError) -> [Value] {
        guard problems.isEmpty else { throw .invalid(problems) }
        var record = record
        for (position, value) in values { record[position] = value }
        return record
    }
}

// For a record that is the own fields of a resource.
extension RecordBody {
    /// The values of a row's own fields with all replaced that can be given. What actions change stays as it is.
    ///
    /// - Throws: ``DomainError/invalid(_:)`` with all that is wrong.
    func replacing(_ row: Row) throws(DomainError) -> [Value] {
        var values = try record()
        for (position, column) in columns.enumerated() where column.rules.isChangedByActions && !row.cannotShow(field: position) {
            values[position] = row.values[position + 1]
        }
        return values
    }

    /// The values of a row's own fields with the given ones changed. What cannot be read of it has to be among them, or be
    /// computed. Found while rows are written, so what is missing is pointed at from its own object.
    ///
    /// - Throws: ``DomainError/invalid(_:)`` with all that is wrong.
    func merged(into row: Row) throws(DomainError) -> [Value] {
        let left = columns.indices.filter { position in
            row.cannotShow(field: position) && !columns[position].rules.isDerived && !gives(position)
        }
        guard left.isEmpty || !problems.isEmpty else {
            throw .invalid(
                left.map { position in
                    let remedy = columns[position].isGiven ? "give it another one" : "PUT another row in its place"
                    return FieldProblem(
                        field: columns[position].name, "holds a value that its declaration does not allow; \(remedy)")
                })
        }
        return try merged(into: Array(row.fields))
    }
}

extension Row {
    /// Whether one of the own fields cannot be read.
    fileprivate func cannotShow(field: Int) -> Bool { unreadable.contains(field + 1) }
}

extension Column {
    /// What a new row has in it, as long as nothing was given.
    var initialValue: Value { defaultValue ?? blank }
}

extension JSONValue {
    /// The value of a field of this kind; nil if the JSON is of another type.
    func value(of kind: Kind) -> Value? {
        switch (self, kind) {
        case (.null, _): .null
        case (.bool(let bool), .bool): .bool(bool)
        case (.number(let text), .integer): Self.integer(text).map(Value.integer)
        case (.string(let text), .text): .text(text)
        case (.string(let text), .money), (.string(let text), .moneySum), (.string(let text), .day),
            (.string(let text), .timestamp), (.string(let text), .uuid):
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
