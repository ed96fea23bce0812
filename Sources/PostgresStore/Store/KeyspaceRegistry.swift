public import Postgres

/// The caches that instances of the service have used with this database, kept in the database itself.
///
/// It settles what no cache server can know of itself: whether writers that announced themselves to another one may still
/// commit, and whether it missed writes that were announced to another one.
public struct KeyspaceRegistry {
    private let pool: PostgresPool

    public init(_ pool: PostgresPool) { self.pool = pool }

    /// What an instance has to know of a cache server that it connected to.
    public struct Registration: Sendable {
        /// Names the database among all databases whose instances may share the cache server.
        public var database: String
        /// For how many milliseconds nothing may be read from the cache or filled into it yet.
        public var holdOff: Int
    }

    /// A cache server that was in use, was followed by another one and is met again: it missed the writes since then.
    public struct Superseded: Error, CustomStringConvertible {
        public var description: String {
            """
            this cache was followed by another one and has missed writes since: give all instances the same REDIS_URL and \
            CACHE_PREFIX; to use this one again, restart its server or choose a new prefix
            """
        }
    }

    private static let register = SQL.pinned(
        "INSERT INTO cache_keyspaces (name) VALUES ($1) ON CONFLICT DO NOTHING")
    private static let look = SQL.pinned(
        """
        SELECT (SELECT system_identifier::text FROM pg_control_system()) || '-' || \
        (SELECT oid::text FROM pg_database WHERE datname = current_database()), \
        floor(extract(epoch FROM clock_timestamp() - k.first_seen) * 1000)::bigint, \
        EXISTS (SELECT FROM cache_keyspaces o WHERE o.first_seen < k.first_seen), \
        EXISTS (SELECT FROM cache_keyspaces o WHERE o.first_seen > k.first_seen) \
        FROM cache_keyspaces k WHERE name = $1
        """)

    /// Remembers a keyspace. To do it again changes nothing, and tells whether it has been superseded.
    ///
    /// - Parameter keyspace: names all that two instances must share to hear of each other's writes.
    /// - Parameter intentLifetime: for how many milliseconds a writer that announced itself elsewhere may still commit.
    /// - Throws: ``Superseded``; what the database says if it cannot be asked.
    public func register(_ keyspace: String, intentLifetime: Int, deadline: UInt64) async throws -> Registration {
        let results = try await pool.run(
            [Statement(Self.register, [keyspace]), Statement(Self.look, [keyspace])], deadline: deadline)
        let row = results[1]
        guard row.rows == 1, let database = row.string(0, 0), let age = row.int64(0, 1) else {
            throw UnexpectedRow(table: "cache_keyspaces", column: "first_seen")
        }
        if row.bool(0, 3) == true { throw Superseded() }
        // The first keyspace ever has no writers before it.
        let isFirst = row.bool(0, 2) == false
        return Registration(database: database, holdOff: isFirst ? 0 : max(0, intentLifetime - Int(clamping: age)))
    }
}
