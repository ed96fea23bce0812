/// Why a command could not be done, in one sentence that says what to do.
struct CommandFailure: Error {
    let message: String
    /// The exit status.
    let status: Int32

    init(_ message: String, status: Int32 = 1) {
        self.message = message
        self.status = status
    }
}
