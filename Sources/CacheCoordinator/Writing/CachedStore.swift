public import Model

/// A store over another one, whose reads are cached and whose writes are announced to the cache.
public final class CachedStore: Store {
    private let base: AnnouncingStore
    public let cache: Cache

    public init(_ base: any Store, _ cache: Cache, _ announcer: LeasedAnnouncer) {
        self.base = AnnouncingStore(base, announcer)
        self.cache = cache
    }

    public func repository(of schema: Schema) -> any Repository { CachedRepository(base.repository(of: schema), cache) }

    /// What was written is in the cache when it is next read, if nobody else writes it.
    public func write<Result>(
        deadline: UInt64, _ body: (UnitOfWork) async throws -> Result
    ) async throws -> Result {
        var writer: Writer?
        let result = try await base.write(
            deadline: deadline, whenAnnounced: { writer = $2 ? Writer(id: $1, rows: $0.rows) : nil }
        ) { unit in
            // It may be run again.
            writer = nil
            return try await body(unit)
        }
        if let writer { cache.writeThrough(writer.rows, by: writer.id) }
        return result
    }

    private struct Writer {
        let id: UInt64
        let rows: [UnitOfWork.WrittenRow]
    }

    /// What the store below knows of transactions.
    public func evidence(deadline: UInt64) async throws -> ReadEvidence { try await base.evidence(deadline: deadline) }

    public func check(deadline: UInt64) async throws { try await base.check(deadline: deadline) }
}
