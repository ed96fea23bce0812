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
        for schema in schemas { checkPaths(of: schema) }
    }

    private func checkPaths(of schema: Schema) {
        let views = views(of: schema).map(\.name)
        let actions = actions(of: schema).map(\.name)
        Self.checkUnique(views + actions, "views and actions of \(schema.resource)")
        for name in views + actions {
            precondition(
                !Self.describedParts.contains(name), "a view or an action of \(schema.resource) cannot be called \(name)")
        }
        for name in actions {
            precondition(!Self.operations.contains(name), "an action on \(schema.resource) cannot be called \(name)")
        }
    }

    /// A path of the collection, and what the description calls the parts of a resource.
    private static let describedParts: Set<String> = ["count", "page", "shown", "input", "patch"]
    /// What the description calls what can be done with every row.
    private static let operations: Set<String> = ["find", "create", "replace", "change", "delete"]

    private static func checkUnique(_ names: [String], _ what: String) {
        let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
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
