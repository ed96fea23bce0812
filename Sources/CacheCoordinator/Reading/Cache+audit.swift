public import Model

/// A hit whose value was another than the store's, although its tags were unchanged before and after the store was read. It must
/// not happen; or the value follows from more than its tags say.
public struct FreshnessViolation: Sendable {
    /// Under which it is cached.
    public let key: String
    /// The digest of what was served; nil if it was nothing.
    public let served: EntityTag?
    /// The digest of what the store has.
    public let stored: EntityTag?
    /// The tags, each with its token in hexadecimal digits.
    public let tags: [String]
}

extension Cache {
    /// Whether this hit is one of those that are compared with the store.
    var isAudited: Bool { policy.auditOneIn > 0 && Int.random(in: 0..<policy.auditOneIn) == 0 }

    /// Compares an entry, which was valid a moment ago, with what the store has.
    func audit(
        _ entry: Entry, _ key: String, _ context: ReadContext, _ load: (ReadContext) async throws -> Encoded?
    ) async throws {
        counters.audited += 1
        guard let loaded = try? await load(ReadContext(deadline: context.deadline)), loaded.tag != entry.encoded?.tag,
            let look = try? await backend.look(at: entry.tags, entry: nil), entry.isValid(under: look.tags)
        else { return }
        counters.violations += 1
        report(
            FreshnessViolation(
                key: key, served: entry.encoded?.tag, stored: loaded.tag,
                tags: zip(entry.tags, entry.tokens).map { "\($0.name)=\(String($1.value, radix: 16))" }))
    }
}
