/// What the handler of the present request knows of its content: whether it waits for it, and why there will be none.
struct ContentWait {
    /// Who waits; is told why the content will not come, or nil when it has.
    typealias Waiter = UnsafeContinuation<BodyError?, Never>

    /// Why no more is read, be it of the present request's content or of what is behind it, if that is so.
    private(set) var failure: BodyError?
    private var waiter: Waiter?

    var isAwaited: Bool { waiter != nil }

    /// A request begins.
    mutating func reset() { failure = nil }

    /// The handler waits from now on.
    mutating func begin(_ waiter: Waiter) { self.waiter = waiter }

    /// No more is read.
    mutating func fail(_ error: BodyError) { failure = error }

    /// The wait is over.
    ///
    /// - Returns: who waited, to be resumed.
    mutating func end() -> Waiter? {
        defer { waiter = nil }
        return waiter
    }
}
