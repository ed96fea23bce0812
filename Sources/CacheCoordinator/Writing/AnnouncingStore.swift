public import Model

/// A store over another one, whose writes are announced to the cache and whose reads pass it by.
///
/// It is for those who do not want the cache themselves, while others may read from it.
public final class AnnouncingStore: Store {
    private let base: any Store
    private let announcer: LeasedAnnouncer

    public init(_ base: any Store, _ announcer: LeasedAnnouncer) {
        self.base = base
        self.announcer = announcer
    }

    public func repository(of schema: Schema) -> any Repository { base.repository(of: schema) }

    public func write<Result>(
        deadline: UInt64, _ body: (UnitOfWork) async throws -> Result
    ) async throws -> Result {
        try await write(deadline: deadline, whenAnnounced: { _, _, _ in }, body)
    }

    /// - Parameter whenAnnounced: told of the unit and its transaction's id, and whether the worker's own backend announced it.
    func write<Result>(
        deadline: UInt64, whenAnnounced: @escaping (_ unit: UnitOfWork, _ id: UInt64, _ isOwn: Bool) -> Void,
        _ body: (UnitOfWork) async throws -> Result
    ) async throws -> Result {
        try await base.write(deadline: deadline) { unit in
            unit.beforeCommit { [announcer, unowned unit] touched in
                guard !touched.isEmpty else { return }
                let id = try await unit.identify()
                whenAnnounced(unit, id, try await announcer.announce(id, on: Array(touched), deadline: deadline))
            }
            return try await body(unit)
        }
    }

    /// What the store below knows of transactions.
    public func evidence(deadline: UInt64) async throws -> ReadEvidence { try await base.evidence(deadline: deadline) }

    public func check(deadline: UInt64) async throws { try await base.check(deadline: deadline) }
}
