internal import Model

/// A row that is to be made: of its fields alone, or by the resource's creating action. What is wrong with its content was found
/// before.
struct Creation {
    private let fields: [Value]
    private let action: (CreatingAction, elements: [[Value]])?

    /// Reads the object of a body that stands at `pointer`. It is the action's if it has the member that asks for that.
    ///
    /// - Throws: ``DomainError/invalid(_:)`` with all that is wrong with it.
    init(_ json: JSONValue, at pointer: String, _ columns: [Column], _ action: CreatingAction?) throws(DomainError) {
        var body = try RecordBody(json, of: columns, at: pointer, extras: action.map { [$0.member] } ?? [])
        guard let action, let given = json[action.member] else {
            fields = try body.record()
            self.action = nil
            return
        }
        // Among the columns of a row the first one is the id.
        let computed = Set(action.computed.map { $0 - 1 })
        body.demandAll(but: computed)
        var problems = body.problems
        for (position, _) in body.values where computed.contains(position) {
            problems.append(
                FieldProblem(field: columns[position].name, of: pointer, "is computed from the \(action.member)"))
        }
        let elements = Self.elements(given, at: "\(pointer)/\(action.member)", action, &problems)
        guard problems.isEmpty else { throw .invalid(problems) }
        fields = try body.merged(into: columns.map(\.initialValue))
        self.action = (action, elements)
    }

    /// Makes the row.
    func perform(in unit: UnitOfWork, _ schema: Schema, _ settings: Settings) async throws -> Row {
        guard let (action, elements) = action else { return try await unit.insert(fields, into: schema) }
        return try await action.perform(fields, elements, in: unit, settings)
    }

    private static func elements(
        _ json: JSONValue, at pointer: String, _ action: CreatingAction, _ problems: inout [FieldProblem]
    ) -> [[Value]] {
        guard case .array(let elements) = json, action.count.contains(elements.count) else {
            problems.append(FieldProblem(pointer: pointer, detail: expectation(of: action)))
            return []
        }
        var records: [[Value]] = []
        for (index, element) in elements.enumerated() {
            do throws(DomainError) {
                records.append(try RecordBody(element, of: action.columns, at: "\(pointer)/\(index)").record())
            } catch {
                if case .invalid(let found) = error { problems += found }
            }
        }
        return records
    }

    private static func expectation(of action: CreatingAction) -> String {
        let names = action.columns.filter(\.isGiven).map(\.name)
        let list = [names.dropLast().joined(separator: ", "), names.last ?? ""].filter { !$0.isEmpty }.joined(separator: " and ")
        return "expects an array of \(action.count.lowerBound) to \(action.count.upperBound) objects with \(list)"
    }
}
