/// By which several requests are known as one: the first has its effect, the others get its answer
/// (draft-ietf-httpapi-idempotency-key-header).
public struct IdempotencyKey: Hashable, Sendable {
    /// What the client calls it.
    public var name: String
    /// A digest of the request. Another request with the same key is a mistake.
    public var request: String
    /// For how many seconds the answer is kept.
    public var lifetime: Int64

    public init(name: String, request: String, lifetime: Int64) {
        self.name = name
        self.request = request
        self.lifetime = lifetime
    }

    /// How many answers whose time is over are dropped with each one that is kept. It is more than one, so that they
    /// become fewer; and few, so that no request waits for the work of many.
    public static let dropsPerWrite = 16
}

/// What was answered to the first request with a key. To a store these are texts.
public struct KeptAnswer: Hashable, Sendable {
    /// The digest of the request.
    public var request: String
    /// The status code.
    public var status: Int64
    /// The header fields, a line each.
    public var fields: String
    /// The content, in UTF-8.
    public var body: String

    public init(request: String, status: Int64, fields: String, body: String) {
        self.request = request
        self.status = status
        self.fields = fields
        self.body = body
    }
}

extension UnitOfWork {
    /// Does something once for all units with the same key. Its effect and its answer are committed together.
    ///
    /// - Returns: what `body` returned the first time, and whether that was in an earlier unit.
    /// - Throws: ``DomainError/keyInUse`` while another unit does it, ``DomainError/keyReused`` if the key was of another
    ///   request, and what `body` throws.
    public func once(
        _ key: IdempotencyKey, _ body: () async throws -> KeptAnswer
    ) async throws -> (answer: KeptAnswer, isReplayed: Bool) {
        if let kept = try await transaction.claim(key) {
            guard kept.request == key.request else { throw DomainError.keyReused }
            return (kept, true)
        }
        let answer = try await body()
        try await transaction.keep(answer, for: key)
        return (answer, false)
    }
}
