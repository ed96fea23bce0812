public import Model

/// Who says to all that use the cache that a transaction may commit now.
public protocol Announcer {
    /// Returns when nobody serves or keeps a value any more that lacks what the transaction wrote, once it is committed.
    ///
    /// - Parameters:
    ///   - id: of the transaction, which had it before this was asked for.
    ///   - tags: what it touches.
    /// - Throws: if that cannot be brought about, so that the transaction must not commit.
    func announce(_ id: UInt64, on tags: [Tag], deadline: UInt64) async throws
}

/// Announces by a worker's own backend under the lease of the process, and by somebody else where that fails.
public final class LeasedAnnouncer {
    private let backend: (any CacheBackend)?
    private let lease: CacheLease
    private let other: any Announcer

    /// - Parameters:
    ///   - backend: nil if this worker has none.
    ///   - other: asked when there is no lease, or the backend fails.
    public init(_ backend: (any CacheBackend)?, _ lease: CacheLease, other: any Announcer) {
        self.backend = backend
        self.lease = lease
        self.other = other
    }

    /// Announces a transaction, as an ``Announcer`` does.
    ///
    /// - Returns: whether the worker's own backend did it at its only attempt. If not, an attempt may yet arrive when others have
    ///   written since, and a mark that seems to be the transaction's own says nothing.
    func announce(_ id: UInt64, on tags: [Tag], deadline: UInt64) async throws -> Bool {
        // Looked at after the transaction has its id: of a keyspace that is opened later readers ask who runs, and find it.
        if let backend, let grant = lease.grant {
            do throws(CacheUnavailable) {
                try await backend.announce(id, on: tags, in: grant.keyspace, life: grant.life)
                return true
            } catch {}
        }
        try await other.announce(id, on: tags, deadline: deadline)
        return false
    }
}
