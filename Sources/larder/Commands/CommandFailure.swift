internal import Domain

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
    static func resource(_ name: String, or others: [String] = []) throws(CommandFailure) -> any Entity.Type {
        if let entity = Resources.named(name) { return entity }
        let hint = NearName.hint(for: name, among: Resources.names + others, "expected is one of")
        throw CommandFailure("There is no resource \"\(name.excerpt)\"; \(hint).", status: 2)
    }
}
