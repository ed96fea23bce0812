// What would be found out late or by nobody: at a client's request, or by a description that says something else than what is served.
extension Declarations {
    /// Traps if some of the declarations cannot be served, or not beside each other.
    func check() {
        let known = Set(schemas)
        precondition(
            (views.map(\.subject) + creations.map(\.subject) + actions.map(\.subject)).allSatisfy(known.contains),
            "a view or an action is of an entity that is not declared")
        precondition(Set(creations.map(\.subject)).count == creations.count, "an entity has two creating actions")
        let tables = resources + owned.map(\.rows.table)
        Self.checkUnique(tables, "tables")
        Self.checkUnique(schemas.map(\.singular), "singulars")
        for table in tables { precondition(table.isDeclarable, "\(table) is no name: \(String.declarableExpectation)") }
        for schema in schemas {
            checkFilters(of: schema)
            checkPaths(of: schema)
        }
        Self.checkUnique(Self.sharedSchemas + schemas.flatMap(describedSchemas), "schemas of the description")
        Self.checkUnique(schemas.flatMap(describedOperations), "operations of the description")
    }

    private func checkFilters(of schema: Schema) {
        for column in schema.fieldColumns {
            precondition(
                !Query.parameterNames.contains(column.name),
                "a field of \(schema.resource) cannot be called \(column.name), as a parameter of lists is: none could be filtered by it"
            )
        }
    }

    private func checkPaths(of schema: Schema) {
        let names = views(of: schema).map(\.name) + actions(of: schema).map(\.name)
        Self.checkUnique(names, "views and actions of \(schema.resource)")
        precondition(!names.contains("count"), "a view or an action of \(schema.resource) cannot be called count")
    }

    // MARK: Description

    /// What the description has whatever is declared.
    private static let sharedSchemas = ["count", "problem"]

    /// What the description calls the forms of a resource's rows, and its views.
    private func describedSchemas(of schema: Schema) -> [String] {
        let one = schema.singular
        return [one] + ["page", "shown", "input", "patch"].map { "\(one)-\($0)" } + views(of: schema).map { "\(one)-\($0.name)" }
            + (creation(of: schema).map { ["\(one)-with-\($0.member)"] } ?? [])
    }

    /// What it calls what can be done with them.
    private func describedOperations(of schema: Schema) -> [String] {
        let one = schema.singular
        return ["list", "count", "change"].map { "\($0)-\(schema.resource)" }
            + ["find", "create", "replace", "change", "delete"].map { "\($0)-\(one)" }
            + views(of: schema).map { "find-\(one)-\($0.name)" } + actions(of: schema).map { "\($0.name)-\(one)" }
    }

    private static func checkUnique(_ names: [String], _ what: String) {
        // To the description `jar_top` and `jar-top` are one name.
        let counts = Dictionary(names.map { ($0.replacing("_", with: "-"), 1) }, uniquingKeysWith: +)
        for (name, count) in counts { precondition(count == 1, "\(count) of the \(what) are called \(name)") }
    }
}

extension String {
    /// Whether it can be the name of a field or a table: it needs no quotes in SQL and no encoding in a URL.
    var isDeclarable: Bool {
        guard let first = utf8.first, 1...63 ~= utf8.count, UInt8(ascii: "a")...UInt8(ascii: "z") ~= first else { return false }
        return utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789_".utf8.contains($0) }
    }

    static let declarableExpectation = "expected are up to 63 small letters, digits and underscores, a letter first"
}
