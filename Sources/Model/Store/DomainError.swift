/// Why something could not be done, in the terms of those who asked for it.
public enum DomainError: Error, Hashable, Sendable {
    /// The input breaks the schema: all that is wrong with it, at once.
    case invalid([FieldProblem])
    /// There is no such row.
    case notFound
    /// Another row has the same value in a field where no two may.
    case duplicate(field: String)
    /// A field names a row that does not exist. A field of a part is named by its way there, as `lines/0/product_id`.
    case missingReference(field: String, resource: String)
    /// Rows of `resource` refer to the row.
    case stillReferenced(by: String)
    /// An action does not do it.
    case refused(Refusal)
    /// The row is not in the state that the client demands.
    case preconditionFailed
    /// The cache has no valid entry, and nothing else was to be asked.
    case notCached
    /// A unit of work with the same idempotency key is still running.
    case keyInUse
    /// The idempotency key was used for another request.
    case keyReused
    /// The store cannot be reached. Trying again in so many seconds may help.
    case unavailable(retryAfterSeconds: Int)
    /// The store can be reached, but refuses for a reason of its own: it takes no writes, or its disk or memory is full. Trying
    /// again in so many seconds may help.
    case unwritable(retryAfterSeconds: Int)
    /// More is asked for than may wait. Trying again in so many seconds may help.
    case overloaded(retryAfterSeconds: Int)
    /// It took longer than it may.
    case deadlineExceeded
    /// Another transaction was in the way; the same may succeed when it is tried again.
    case contention
}

/// What is wrong with one part of an input.
public struct FieldProblem: Hashable, Sendable {
    /// Where it stands (RFC 6901), as in `/lines/0/quantity`.
    public var pointer: String
    /// What is expected.
    public var detail: String

    public init(pointer: String, detail: String) {
        self.pointer = pointer
        self.detail = detail
    }

    /// - Parameters:
    ///   - field: its name, whatever a client put into it; of a long one the pointer has the ``StringProtocol/excerpt``.
    ///   - object: where the object stands whose field it is.
    public init(field: String, of object: String = "", _ detail: String) {
        // By scalars: to `Character` a slash with a combining mark is no slash.
        let token = field.excerpt.unicodeScalars.reduce(into: "") { token, scalar in
            switch scalar {
            case "~": token += "~0"
            case "/": token += "~1"
            default: token.unicodeScalars.append(scalar)
            }
        }
        self.init(pointer: "\(object)/\(token)", detail: detail)
    }
}
