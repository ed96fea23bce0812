public import Model

/// A store over another one, whose writes are announced to the cache and whose reads pass it by.
///
/// It is for those who do not want the cache themselves, while others may read from it.
public final class AnnouncingStore: Store {
    private let base: any Store
    private let cache: Cache

    public init(_ base: any Store, _ cache: Cache) {
        self.base = base
        self.cache = cache
    }

    public func repository(of schema: Schema) -> any Repository { base.repository(of: schema) }

    public func write<Result>(
        deadline: UInt64, _ body: (UnitOfWork) async throws -> Result
    ) async throws -> Result {
        var announcement: Announcement?
        do {
            let result = try await base.write(deadline: deadline) { unit in
                unit.beforeCommit { [cache] touched in
                    if !touched.isEmpty { announcement = await cache.announce(touched) }
                }
                return try await body(unit)
            }
            if let announcement { await cache.release(announcement) }
            return result
        } catch let error as CommitOutcomeUnknown {
            // It may yet be committed, so the intent stays until it cannot be any more: it expires.
            throw error
        } catch {
            if let announcement { await cache.release(announcement) }
            throw error
        }
    }

    public func check(deadline: UInt64) async throws { try await base.check(deadline: deadline) }
}
