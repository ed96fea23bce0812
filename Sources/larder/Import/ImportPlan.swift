internal import Domain

/// How the columns of a CSV file become the fields of a record.
struct ImportPlan<R: Record> {
    /// What each column of the file is for.
    enum Target {
        case id
        case field(Field<R>)
        case dropped
    }

    let targets: [Target]

    /// A header that does not fit, with what to do about it.
    struct HeaderError: Error {
        let message: String
    }

    /// - Parameters:
    ///   - map: the field for each column that has another name; nil drops the column.
    ///   - idKind: the kind of the id; nil for records without one.
    init(header: [String], map: [String: String?], idKind: Kind?) throws(HeaderError) {
        var targets: [Target] = []
        var taken: Set<String> = []
        for column in header {
            let name = map[column] ?? column
            guard let name else {
                targets.append(.dropped)
                continue
            }
            guard taken.insert(name).inserted else {
                throw HeaderError(message: "Two columns are for the field \(name.excerpt).")
            }
            if name == "id", idKind != nil {
                targets.append(.id)
            } else if let field = R.fields.first(where: { $0.name == name }) {
                targets.append(.field(field))
            } else if column.isEmpty {
                throw HeaderError(
                    message:
                        "Column \(targets.count + 1) has no name: end line 1 without its comma, or drop the column by --map =-.")
            } else {
                throw Self.unknown(column, name, among: (idKind == nil ? [] : ["id"]) + R.fields.map(\.name))
            }
        }
        if let unknown = map.keys.sorted().first(where: { !header.contains($0) }) {
            let near = NearName.suffix(for: unknown, among: header)
            throw HeaderError(message: "--map names a column \(unknown.excerpt) that the file does not have\(near).")
        }
        for field in R.fields where field.defaultValue == nil && !taken.contains(field.name) && !field.rules.isDerived {
            throw HeaderError(message: "No column is for the field \(field.name); name it by --map COLUMN=\(field.name).")
        }
        derives = R.fields.contains { $0.rules.isDerived && !taken.contains($0.name) }
        self.targets = targets
        self.idKind = idKind
    }

    /// - Parameter name: of the field that the column is for.
    private static func unknown(_ column: String, _ name: String, among names: [String]) -> HeaderError {
        let column = column.excerpt
        if let near = NearName.of(name, among: names) {
            return HeaderError(
                message:
                    "Column \(column) is no field; \(NearName.meant(near)): --map \(column)=\(near) says so, --map \(column)=- drops it."
            )
        }
        return HeaderError(
            message:
                "Column \(column) is no field; name its field by --map \(column)=FIELD (one of \(names.joined(separator: ", "))) or drop it by --map \(column)=-."
        )
    }

    private let idKind: Kind?
    /// Whether a computed field has no column, so that it has to be computed.
    private let derives: Bool

    /// The record of one row, with its id; null where no column is for it, so that the service gives one.
    func record(_ cells: [String]) throws(RowError) -> (id: Value, record: R) {
        guard cells.count == targets.count else {
            throw RowError(reason: "it has \(cells.count) columns instead of \(targets.count)")
        }
        var record = R()
        var id = Value.null
        for (target, cell) in zip(targets, cells) {
            switch target {
            case .dropped: continue
            case .id:
                guard let value = idKind?.value(from: cell) else {
                    throw RowError(reason: "id \"\(cell.excerpt)\" is not \(idKind?.expectation ?? "an id")")
                }
                if let objection = value.idObjection { throw RowError(reason: "id \(cell) \(objection)") }
                id = value
            case .field(let field):
                _ = field.assign(try value(of: cell, for: field), to: &record)  // it has no problem, so it fits
            }
        }
        if derives { record.derive() }
        return (id, record)
    }

    private func value(of cell: String, for field: Field<R>) throws(RowError) -> Value {
        // An empty cell is null, and for a text that must not be null it is empty.
        let isNull = cell.isEmpty && (field.isOptional || field.kind != .text)
        guard let value = isNull ? .null : field.kind.value(from: cell) else {
            throw RowError(reason: "\(field.name) \"\(cell.excerpt)\" is not \(field.kind.expectation)")
        }
        if let problem = field.problem(with: value) { throw RowError(reason: "\(field.name) \(problem)") }
        return value
    }
}

/// A row that cannot be imported, and why.
struct RowError: Error {
    let reason: String
}
