/// The tables of the service itself, as migrations: a line of their own beside the domain's, which is not in its folder.
///
/// A change is a new migration. What was applied somewhere is never edited.
public enum OwnTables {
    /// By name, `NNNN_name.sql`, each with a part `migrate:up`. There is no way back: older versions of the service do with more.
    public static let migrations: [(name: String, sql: String)] = [
        ("0001_service_tables.sql", serviceTables), ("0002_cache.sql", cache),
    ]

    // Databases of earlier versions have these tables already, made by migrations that were among the domain's.
    private static let serviceTables = """
        -- migrate:up
        -- The lives of cache servers that instances of the service have used, by which an instance knows whether a cache that it
        -- meets is new while writers that announced themselves to another one may still commit.
        CREATE TABLE IF NOT EXISTS cache_keyspaces (
            name text COLLATE "C" PRIMARY KEY,
            first_seen timestamptz NOT NULL DEFAULT clock_timestamp()
        );

        -- The answers to requests with an Idempotency-Key. Each is committed together with the effect of its request, and is
        -- dropped after its time by later ones.
        CREATE TABLE IF NOT EXISTS idempotency_keys (
            key text COLLATE "C" PRIMARY KEY,
            -- A digest of the request.
            request text COLLATE "C" NOT NULL,
            status bigint NOT NULL,
            fields text COLLATE "C" NOT NULL,
            body text COLLATE "C" NOT NULL,
            created_at timestamptz NOT NULL DEFAULT clock_timestamp()
        );
        CREATE INDEX IF NOT EXISTS idempotency_keys_created_at_idx ON idempotency_keys (created_at);

        DELETE FROM larder_migrations
        WHERE (version, name) IN ((2, 'cache_keyspaces'), (5, 'idempotency_keys'));
        """

    // An epoch is used once, so that the row has to be kept when rows are restored. (Another database has other keyspaces anyway.)
    private static let cache = """
        -- migrate:up
        -- Whether the cache is open, in one row.
        CREATE TABLE larder_cache (
            is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
            epoch bigint NOT NULL DEFAULT 1,
            is_open boolean NOT NULL DEFAULT false,
            -- The life of the cache server in use.
            life text COLLATE "C",
            -- The database's history in which it was opened.
            timeline text COLLATE "C"
        );
        INSERT INTO larder_cache DEFAULT VALUES;

        -- The instances that may use it.
        CREATE TABLE larder_cache_members (
            id text COLLATE "C" PRIMARY KEY,
            -- It uses the cache of no epoch before this one.
            obeys bigint NOT NULL,
            -- The life of the cache server that it reaches.
            life text COLLATE "C",
            -- For how many milliseconds it may use the cache after it last wrote this row.
            lease bigint NOT NULL,
            renewed_at timestamptz NOT NULL DEFAULT clock_timestamp()
        );

        DROP TABLE cache_keyspaces;
        """
}
