internal import Model

/// Why a command could not be done, in one sentence that says what to do.
struct CommandFailure: Error {
    let message: String
    /// The exit status.
    let status: Int32

    init(_ message: String, status: Int32 = 1) {
        self.message = message
        self.status = status
    }

    /// The resource of this name.
    ///
    /// - Parameter others: names that were understood too.
    static func resource(
        _ name: String, of declarations: Declarations, or others: [String] = []
    ) throws(CommandFailure) -> Schema {
        if let schema = declarations.schema(named: name) { return schema }
        let hint = NearName.hint(for: name, among: declarations.resources + others, "expected is one of")
        throw CommandFailure("There is no resource \"\(name.excerpt)\"; \(hint).", status: 2)
    }
}
