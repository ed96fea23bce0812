internal import Model

/// How the columns of a CSV file become the fields of a record.
struct ImportPlan {
    /// What each column of the file is for.
    enum Target {
        case id
        /// Its position among the columns of the target.
        case field(Int)
        case dropped
    }

    let targets: [Target]
    private let target: ImportTarget

    /// A header that does not fit, with what to do about it.
    struct HeaderError: Error {
        let message: String
    }

    /// - Parameters:
    ///   - target: what the rows become.
    ///   - map: the field for each column that has another name; nil drops the column.
    init(_ target: ImportTarget, header: [String], map: [String: String?]) throws(HeaderError) {
        let idKind = target.idKind
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
            } else if let position = target.columns.firstIndex(where: { $0.name == name }) {
                targets.append(.field(position))
            } else if column.isEmpty {
                throw HeaderError(
                    message:
                        "Column \(targets.count + 1) has no name: end line 1 without its comma, or drop the column by --map =-.")
            } else {
                throw Self.unknown(column, name, among: (idKind == nil ? [] : ["id"]) + target.columns.map(\.name))
            }
        }
        if let unknown = map.keys.sorted().first(where: { !header.contains($0) }) {
            let near = NearName.suffix(for: unknown, among: header)
            throw HeaderError(message: "--map names a column \(unknown.excerpt) that the file does not have\(near).")
        }
        for field in target.columns
        where field.defaultValue == nil && !taken.contains(field.name) && !field.rules.isDerived {
            throw HeaderError(message: "No column is for the field \(field.name); name it by --map COLUMN=\(field.name).")
        }
        derives = target.columns.contains { $0.rules.isDerived && !taken.contains($0.name) }
        self.targets = targets
        self.target = target
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

    /// Whether a computed field has no column, so that it has to be computed.
    private let derives: Bool

    /// The values of one row, with its id; null where no column is for it, so that the service gives one.
    func row(_ cells: [String]) throws(RowError) -> (id: Value, values: [Value]) {
        guard cells.count == targets.count else {
            throw RowError(reason: "it has \(cells.count) columns instead of \(targets.count)")
        }
        var values = target.columns.map { $0.defaultValue ?? $0.blank }
        var id = Value.null
        for (purpose, cell) in zip(targets, cells) {
            switch purpose {
            case .dropped: continue
            case .id:
                guard let value = target.idKind?.value(from: cell) else {
                    throw RowError(reason: "id \"\(cell.excerpt)\" is not \(target.idKind?.expectation ?? "an id")")
                }
                if let objection = value.idObjection { throw RowError(reason: "id \(cell) \(objection)") }
                id = value
            case .field(let position): values[position] = try value(of: cell, for: target.columns[position])
            }
        }
        return (id, derives ? target.derive(values) : values)
    }

    private func value(of cell: String, for field: Column) throws(RowError) -> Value {
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
