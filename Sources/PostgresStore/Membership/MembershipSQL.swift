internal import Postgres

/// The statements of a ``SQLAuthority``.
enum MembershipSQL {
    /// A member that was not heard of for so many seconds holds nobody up that would use another cache server. It is no matter of
    /// safety.
    private static let silence = 15
    /// The history of the database: a promoted standby has another.
    private static let timeline = "substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)"

    static let channel = SQL.pinned("SELECT 'larder_' || relnamespace FROM pg_class WHERE oid = 'larder_cache'::regclass")
    static let notify = SQL.pinned("SELECT pg_notify($1, $2)")
    /// The row, the present history, the database, and whether a member is known.
    static let row = SQL.pinned(
        """
        SELECT epoch, is_open, life, timeline, \(timeline), \
        (SELECT system_identifier::text FROM pg_control_system()) || '-' || 'larder_cache'::regclass::oid || '-' || \
        (SELECT oid FROM pg_database WHERE datname = current_database()), \
        EXISTS (SELECT FROM larder_cache_members WHERE id = $1) FROM larder_cache
        """)
    static let update = SQL.pinned(
        "UPDATE larder_cache_members SET obeys = $2, life = $3, lease = $4, renewed_at = clock_timestamp() WHERE id = $1")
    static let insert = SQL.pinned(
        """
        INSERT INTO larder_cache_members (id, obeys, life, lease) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (id) DO UPDATE SET obeys = excluded.obeys, life = excluded.life, lease = excluded.lease
        """)
    static let delete = SQL.pinned("DELETE FROM larder_cache_members WHERE id = $1")
    static let members = SQL.pinned(
        """
        SELECT id, obeys, life, lease, renewed_at > clock_timestamp() - make_interval(secs => \(silence)) FROM larder_cache_members
        """)
    static let close = SQL.pinned(
        """
        WITH closed AS (UPDATE larder_cache SET is_open = false, epoch = epoch + 1 WHERE epoch = $1 AND is_open RETURNING 1) \
        SELECT pg_notify($2, $3) FROM closed
        """)
    static let open = SQL.pinned(
        """
        WITH opened AS (UPDATE larder_cache SET is_open = true, epoch = epoch + 1, life = $2, timeline = \(timeline) \
        WHERE epoch = $1 AND NOT is_open RETURNING 1), \
        forgotten AS (DELETE FROM larder_cache_members WHERE id = ANY ($3::text[]) AND EXISTS (SELECT FROM opened)) \
        SELECT pg_notify($4, $5) FROM opened
        """)
}
